import { type ConnectorManifest, errorText, type LeaseMaterial } from '@rollcall/contracts';
import type { OpenedLease } from '@rollcall/secrets';

import { credentialChanged, type LeaseAdvice, LeaseError, vaultUnavailable } from './lease.errors.js';
import { isSame, materialOf, type Versions } from './lease-material.js';

/** What the vault gave, with the moment, on this process's own clock, until which it may be used. */
export interface GrantedLease {
  readonly opened: OpenedLease;
  readonly until: number;
  /** Milliseconds that it had when it was given; a token may end sooner than a lease does. */
  readonly lifeMs: number;
}

export interface LeaseRenewal {
  /** Asks the vault again, for something newer than `refused` when that is given. @throws LeaseError */
  readonly request: (waitMs: number, refused?: Versions) => Promise<GrantedLease>;
  /** How long a renewal waits for an absent vault, in milliseconds. */
  readonly waitMs: number;
  readonly advice: LeaseAdvice;
}

/** Renewed when this much of its life is left, or a third of it; until then an absent vault disturbs nobody. */
const renewBeforeMs = 5 * 60_000;
/** Pause between attempts to renew while the present lease still serves. */
const renewPauseMs = 20_000;

/** One lease, kept in memory and renewed in the background while it is used. */
export class VaultLease {
  private renewing: Promise<void> | null = null;
  private nextRenewalAt = 0;
  private failure: Error | null = null;
  private accepted: number | undefined;

  constructor(
    private granted: GrantedLease,
    private readonly renewal: LeaseRenewal,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get credential(): string {
    return this.granted.opened.credential;
  }

  get secretVersion(): number {
    return this.granted.opened.secretVersion;
  }

  /** Version of the secret under which the vendor answered last; undefined before it has. */
  get acceptedSecret(): number | undefined {
    return this.accepted;
  }

  noteAccepted(secretVersion: number): void {
    this.accepted = secretVersion;
  }

  /** Stays the same for the whole life of the lease. */
  get baseUrl(): string {
    return this.granted.opened.baseUrl;
  }

  /** Whether less than `marginMs` of it is left, or the vault gives it no longer. */
  isOver(marginMs = 0): boolean {
    const { until, lifeMs } = this.granted;
    return until - this.now() <= Math.min(marginMs, lifeMs / 3);
  }

  /** What the next request is authorized with. Vault away: the present lease serves to its end. @throws LeaseError */
  async material(manifest: ConnectorManifest): Promise<LeaseMaterial> {
    const { until, lifeMs } = this.granted;
    const left = until - this.now();
    if (left < Math.min(renewBeforeMs, lifeMs / 3)) this.renewSoon();
    if (left <= 0) await this.renewing;
    if (this.isOver()) throw this.failure ?? vaultUnavailable(this.renewal.waitMs, this.renewal.advice);
    return materialOf(this.granted.opened, manifest);
  }

  /**
   * After the vendor refused that secret or token: the newer one, or null when there is none.
   * @throws LeaseError
   */
  async newerThan(refused: Versions, manifest: ConnectorManifest): Promise<LeaseMaterial | null> {
    if (isSame(this.granted.opened, refused)) {
      try {
        this.accept(await this.renewal.request(this.renewal.waitMs, refused));
      } catch (error) {
        this.endIfRefused(error);
        throw error;
      }
    }
    return isSame(this.granted.opened, refused) ? null : materialOf(this.granted.opened, manifest);
  }

  private renewSoon(): void {
    if (this.renewing !== null || this.now() < this.nextRenewalAt) return;
    this.renewing = this.renew().finally(() => {
      this.renewing = null;
    });
  }

  /** Keeps the failure instead of throwing it: it matters only if the present lease runs out. */
  private async renew(): Promise<void> {
    try {
      this.accept(await this.renewal.request(this.renewal.waitMs));
      this.failure = null;
      // The vault may give the same token again; asking at every request would not change that.
      this.nextRenewalAt = this.now() + Math.min(renewPauseMs, this.granted.lifeMs / 10);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(errorText(error));
      this.nextRenewalAt = this.now() + renewPauseMs;
      this.endIfRefused(error);
    }
  }

  /** A deleted or moved credential is no absence of the vault: nothing may be called with the old secret. */
  private endIfRefused(error: unknown): void {
    if (!(error instanceof LeaseError) || error.retriable) return;
    this.failure = error;
    this.granted = { ...this.granted, until: 0 };
  }

  private accept(granted: GrantedLease): void {
    if (granted.opened.baseUrl !== this.granted.opened.baseUrl) throw credentialChanged(this.renewal.advice);
    this.granted = granted;
  }
}
