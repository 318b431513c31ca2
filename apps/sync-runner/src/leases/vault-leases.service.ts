import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import {
  commandDeadlineMs,
  errorText,
  type LeaseMaterial,
  type LeasePurpose,
  requestLease,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandOutcome, CommandSender } from '@rollcall/messaging';
import { generateSealKeyPair, type OpenedLease, openLease, type SealKeyPair, unwrapSecret } from '@rollcall/secrets';
import { CONFIG } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import type { SyncRunnerConfig } from '../config.js';
import { credentialChanged, LeaseError, leaseRefused, vaultUnavailable } from './leases.errors.js';

export interface LeaseRequest {
  readonly credential: string;
  readonly purpose: LeasePurpose;
  /** Called between waits; throws when whoever asks has stopped. */
  readonly checkHeld: () => void;
}

/** A lease with the moment, on this process's own clock, until which it may be used. */
export interface GrantedLease {
  readonly opened: OpenedLease;
  readonly until: number;
  /** Milliseconds that it had when it was given; a token may end sooner than a lease does. */
  readonly lifeMs: number;
}

/** Which secret, and which token made of it, a lease holds. */
export type Versions = Pick<LeaseMaterial, 'secretVersion' | 'tokenVersion'>;

const lookEveryMs = 1_000;
const firstWaitMs = 10_000;
/** Renewed when this much of its life is left, or a third of it; until then an absent vault disturbs nobody. */
const renewBeforeMs = 5 * 60_000;
/** A token endpoint that fails is asked again after the pause that the vault keeps (V4, V20), so often. */
const tokenPauseMs = 10_500;
const mostTokenTries = 5;
/** Pause between attempts to renew while the present lease still serves. */
const renewPauseMs = 20_000;
/** An expired lease waits this long for the vault before the run fails. */
const expiredWaitMs = 60_000;

/** Asks the vault for leases under ephemeral keys (architecture 8). Nothing of a lease is ever written anywhere. */
@Injectable()
export class VaultLeasesService {
  constructor(
    @Inject(CommandSender) private readonly sender: CommandSender,
    @Inject(CONFIG) private readonly config: SyncRunnerConfig,
  ) {}

  /** A lease for a new run or check; waits for an absent vault as long as configured. @throws LeaseError */
  async open(request: LeaseRequest, waitMs = this.config.VAULT_WAIT_MS): Promise<VaultLease> {
    return new VaultLease(await this.request(request, waitMs), (limit, refused) =>
      this.request(request, limit, refused),
    );
  }

  private async request(request: LeaseRequest, waitMs: number, refused: Versions | null = null): Promise<GrantedLease> {
    const until = performance.now() + waitMs;
    for (let tokenTries = 1; ;) {
      request.checkHeld();
      const askedAt = performance.now();
      const keys = await generateSealKeyPair();
      const { outcome, id } = await this.ask(request, keys, until, refused);
      if (outcome.status === 'refused') {
        const mayPass = outcome.error.code === 'token-unavailable' && performance.now() + tokenPauseMs < until;
        if (!mayPass || tokenTries >= mostTokenTries) throw leaseRefused(outcome.error);
        tokenTries += 1;
        await sleep(tokenPauseMs);
        continue;
      }
      if (outcome.status === 'done') {
        const opened = await openLease({ privateKey: keys.privateKey, commandId: id, sealed: outcome.result.sealed });
        // Counted from before asking and on this clock: never longer than the vault meant.
        const { lifeMs } = outcome.result;
        return { opened, lifeMs, until: askedAt + lifeMs };
      }
      if (performance.now() >= until) throw vaultUnavailable(waitMs);
    }
  }

  /** Sends one request and waits for its outcome: until the vault answers, the request is too old, or `until`. */
  private async ask(
    { credential, purpose, checkHeld }: LeaseRequest,
    keys: SealKeyPair,
    until: number,
    refused: Versions | null,
  ): Promise<{ outcome: CommandOutcome<ResultOf<typeof requestLease>>; id: string }> {
    const input = { credential, purpose, publicKey: keys.publicKey, refused: versionsOf(refused) };
    const sent = await this.sender.send(
      requestLease,
      {
        aggregate: credential,
        actor: 'sync-runner',
        correlationId: purpose.reference,
        idempotencyKey: uuidv7(),
        input,
      },
      Math.max(lookEveryMs, Math.min(firstWaitMs, until - performance.now())),
    );
    let { outcome } = sent;
    // The deadline is a time of the database; whoever has waited for so long here may ask anew in any case.
    const giveUpAt = Math.min(until, performance.now() + commandDeadlineMs);
    while (outcome.status === 'pending' && performance.now() < giveUpAt) {
      checkHeld();
      await sleep(lookEveryMs);
      outcome = await this.sender.look<ResultOf<typeof requestLease>>(sent.reference);
    }
    return { outcome, id: sent.reference.id };
  }
}

/** One lease, kept in memory and renewed in the background while it is used. */
export class VaultLease {
  private renewal: Promise<void> | null = null;
  private nextRenewalAt = 0;
  private failure: Error | null = null;

  constructor(
    private granted: GrantedLease,
    private readonly request: (waitMs: number, refused?: Versions) => Promise<GrantedLease>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get secretVersion(): number {
    return this.granted.opened.secretVersion;
  }

  get baseUrl(): string {
    return this.granted.opened.baseUrl;
  }

  /** What the next request is authorized with. Vault away: the present lease serves to its end. @throws LeaseError */
  async material(): Promise<LeaseMaterial> {
    const { until, lifeMs } = this.granted;
    const left = until - this.now();
    if (left < Math.min(renewBeforeMs, lifeMs / 3)) this.renewSoon();
    if (left <= 0) await this.renewal;
    if (this.granted.until <= this.now()) throw this.failure ?? vaultUnavailable(expiredWaitMs);
    return materialOf(this.granted.opened);
  }

  /** After the vendor refused that secret or token (G4): the newer one, or null when there is none. */
  async newerThan(refused: Versions): Promise<LeaseMaterial | null> {
    if (isSame(this.granted.opened, refused)) this.accept(await this.request(expiredWaitMs, refused));
    return isSame(this.granted.opened, refused) ? null : materialOf(this.granted.opened);
  }

  private renewSoon(): void {
    if (this.renewal !== null || this.now() < this.nextRenewalAt) return;
    this.renewal = this.renew().finally(() => {
      this.renewal = null;
    });
  }

  /** Keeps the failure instead of throwing it: it matters only if the present lease runs out. */
  private async renew(): Promise<void> {
    try {
      this.accept(await this.request(expiredWaitMs));
      this.failure = null;
      // The vault may give the same token again; asking at every request would not change that.
      this.nextRenewalAt = this.now() + Math.min(renewPauseMs, this.granted.lifeMs / 10);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(errorText(error));
      this.nextRenewalAt = this.now() + renewPauseMs;
      // A deleted or moved credential is no absence of the vault: nothing may be called with the old secret (P7).
      if (error instanceof LeaseError && error.code !== 'vault-unavailable') {
        this.granted = { ...this.granted, until: 0 };
      }
    }
  }

  private accept(granted: GrantedLease): void {
    if (granted.opened.baseUrl !== this.granted.opened.baseUrl) throw credentialChanged();
    this.granted = granted;
  }
}

function versionsOf(refused: Versions | null): Versions | null {
  return refused === null ? null : { secretVersion: refused.secretVersion, tokenVersion: refused.tokenVersion };
}

function isSame(one: Versions, other: Versions): boolean {
  return one.secretVersion === other.secretVersion && one.tokenVersion === other.tokenVersion;
}

/** Unwrapped for the request that needs it; the result is held by nobody. */
function materialOf({ fields, ...rest }: OpenedLease): LeaseMaterial {
  const plain = Object.entries(fields).map(([name, value]) => [name, unwrapSecret(value)] as const);
  return { ...rest, fields: Object.fromEntries(plain) };
}
