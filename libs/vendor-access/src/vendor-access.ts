import { createVendorHttp, type VendorHttp, type VendorHttpOptions } from '@rollcall/connector-kit';
import type { ConnectorManifest } from '@rollcall/contracts';

import type { VaultLease } from './vault-lease.js';
import type { BudgetWaiting, VendorEgress } from './vendor-egress.js';

/** How one caller asks: what ends its requests, how long they wait, and who is told of it. */
export interface VendorHttpManner
  extends
    Omit<BudgetWaiting, 'signal'>,
    Pick<VendorHttpOptions, 'signal' | 'isHurried' | 'timeoutMs' | 'meter' | 'onAccepted'> {
  /** Name of the rate budget; that of the credential unless given. */
  readonly budget?: string | undefined;
}

/** Joins lease, egress and rate budget to a client for one vendor. */
export class VendorAccess {
  constructor(private readonly egress: VendorEgress) {}

  /** Whether an address can be reached and shows a good certificate; nothing is sent. @throws EgressError */
  probe(baseUrl: string): Promise<void> {
    return this.egress.probe(baseUrl);
  }

  /** Requests under the lease, to the address that its secret is bound to, out of the budget of its credential. */
  http(lease: VaultLease, manifest: ConnectorManifest, manner: VendorHttpManner): VendorHttp {
    const { maxWaitMs, maxPauseMs, onPause, budget = lease.credential, ...options } = manner;
    const { signal } = options;
    return createVendorHttp({
      ...options,
      manifest,
      egress: this.egress.to(lease.baseUrl),
      budget: this.egress.budget(budget, manifest.rateBudget, { signal, maxWaitMs, maxPauseMs, onPause }),
      lease: () => lease.material(manifest),
      onUnauthorized: (refused) => lease.newerThan(refused, manifest),
      onAccepted: (accepted) => {
        lease.noteAccepted(accepted.secretVersion);
        manner.onAccepted?.(accepted);
      },
    });
  }
}
