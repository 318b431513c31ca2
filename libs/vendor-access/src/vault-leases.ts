import { setTimeout as sleep } from 'node:timers/promises';

import { commandDeadlineMs, type LeasePurpose, requestLease, type ResultOf } from '@rollcall/contracts';
import type { CommandOutcome, CommandSender } from '@rollcall/messaging';
import { generateSealKeyPair, openLease, type SealKeyPair } from '@rollcall/secrets';
import { v7 as uuidv7 } from 'uuid';

import { type LeaseAdvice, leaseRefused, vaultUnavailable } from './lease.errors.js';
import { type Versions, versionsOf } from './lease-material.js';
import { type GrantedLease, VaultLease } from './vault-lease.js';

export interface LeaseRequest {
  readonly credential: string;
  readonly purpose: LeasePurpose;
  /** Called between waits; throws when whoever asks has stopped. A lease that several callers use has none. */
  readonly checkHeld?: () => void;
}

/** How the service that asks for leases names itself, and how long it waits for an absent vault, in milliseconds. */
export interface LeaseHolder {
  readonly actor: string;
  readonly openWaitMs: number;
  readonly renewWaitMs: number;
  readonly advice: LeaseAdvice;
}

const lookEveryMs = 1_000;
const firstWaitMs = 10_000;
/** A token endpoint that fails is asked again after the pause that the vault keeps, so often. */
const tokenPauseMs = 10_500;
const mostTokenTries = 5;

/** Asks the vault for leases under ephemeral keys. Nothing of a lease is ever written anywhere. */
export class VaultLeases {
  constructor(
    private readonly sender: Pick<CommandSender, 'send' | 'look'>,
    private readonly holder: LeaseHolder,
  ) {}

  /** A new lease; waits for an absent vault as long as configured unless said otherwise. @throws LeaseError */
  async open(request: LeaseRequest, waitMs = this.holder.openWaitMs): Promise<VaultLease> {
    return new VaultLease(await this.request(request, waitMs), {
      request: (limit, refused) => this.request(request, limit, refused),
      waitMs: this.holder.renewWaitMs,
      advice: this.holder.advice,
    });
  }

  private async request(request: LeaseRequest, waitMs: number, refused: Versions | null = null): Promise<GrantedLease> {
    const until = performance.now() + waitMs;
    for (let tokenTries = 1; ;) {
      request.checkHeld?.();
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
      if (performance.now() >= until) throw vaultUnavailable(waitMs, this.holder.advice);
    }
  }

  /** Sends one request and waits for its outcome: until the vault answers, the request is too old, or `until`. */
  private async ask(
    { credential, purpose, checkHeld }: LeaseRequest,
    keys: SealKeyPair,
    until: number,
    refused: Versions | null,
  ): Promise<{ outcome: CommandOutcome<ResultOf<typeof requestLease>>; id: string }> {
    const sent = await this.sender.send(
      requestLease,
      {
        aggregate: credential,
        actor: this.holder.actor,
        correlationId: purpose.reference,
        // Every request has a key pair of its own, so it is a command of its own.
        idempotencyKey: uuidv7(),
        input: { credential, purpose, publicKey: keys.publicKey, refused: refused && versionsOf(refused) },
      },
      Math.max(lookEveryMs, Math.min(firstWaitMs, until - performance.now())),
    );
    let { outcome } = sent;
    // The deadline is a time of the database; whoever has waited for so long here may ask anew in any case.
    const giveUpAt = Math.min(until, performance.now() + commandDeadlineMs);
    while (outcome.status === 'pending' && performance.now() < giveUpAt) {
      checkHeld?.();
      await sleep(lookEveryMs);
      outcome = await this.sender.look<ResultOf<typeof requestLease>>(sent.reference);
    }
    return { outcome, id: sent.reference.id };
  }
}
