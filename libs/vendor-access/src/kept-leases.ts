import type { LeasePurpose } from '@rollcall/contracts';

import type { VaultLease } from './vault-lease.js';
import type { VaultLeases } from './vault-leases.js';

export interface KeptLeaseRequest {
  readonly credential: string;
  readonly purpose: LeasePurpose;
  /** Address of the credential as its owner publishes it, null for one that is not there any more. */
  readonly baseUrl: string | null;
}

/** Work does not begin with a lease in its last minute, so that it cannot run out under a call. */
const marginMs = 60_000;
const mostKept = 200;

/** Leases by credential and purpose, so that all work of one purpose uses one lease. In memory only. */
export class KeptLeases {
  private readonly kept = new Map<string, VaultLease>();

  constructor(private readonly leases: Pick<VaultLeases, 'open'>) {}

  /**
   * The lease for a purpose: a kept one as long as it serves and the credential is where it was, else a new one.
   * @throws LeaseError
   */
  async lease({ credential, purpose, baseUrl }: KeptLeaseRequest): Promise<VaultLease> {
    const key = keyOf(credential, purpose);
    const kept = this.kept.get(key);
    if (kept && !kept.isOver(marginMs) && kept.baseUrl === baseUrl) return kept;
    this.kept.delete(key);
    const fresh = await this.leases.open({ credential, purpose });
    this.kept.set(key, fresh);
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostKept && oldest !== undefined) this.kept.delete(oldest);
    return fresh;
  }

  /** The work is over: its lease is not kept. */
  forget(credential: string, purpose: LeasePurpose): void {
    this.kept.delete(keyOf(credential, purpose));
  }
}

function keyOf(credential: string, { kind, reference }: LeasePurpose): string {
  return JSON.stringify([credential, kind, reference]);
}
