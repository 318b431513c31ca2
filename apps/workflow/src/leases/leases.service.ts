import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import { AppError, type LeaseMaterial, type LeasePurpose, requestLease } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import { generateSealKeyPair, type OpenedLease, openLease, unwrapSecret } from '@rollcall/secrets';

/** Which secret, and which token made of it, the vendor refused (G4). */
type Versions = Pick<LeaseMaterial, 'secretVersion' | 'tokenVersion'>;

interface HeldLease {
  readonly lease: OpenedLease;
  readonly expiresAt: number;
}

/** `lease-unavailable` may pass (the vault did not answer), `lease-refused` will not. */
export class LeaseError extends AppError<'lease-unavailable' | 'lease-refused'> {}

/** A lease is not used in its last minute, so that it cannot run out under a call. */
const marginMs = 60_000;
const answerWithinMs = 5_000;
const mostKept = 200;

/**
 * Leases of secrets, kept in memory only: one per workflow version for harmless steps, one per intent (architecture 8).
 * The vault logs each before it answers (P25).
 */
@Injectable()
export class LeasesService {
  private readonly held = new Map<string, HeldLease>();

  constructor(@Inject(CommandSender) private readonly commands: CommandSender) {}

  /** The lease for a purpose, asked for when there is none or it runs out. @throws LeaseError */
  async lease(credential: string, purpose: LeasePurpose): Promise<OpenedLease> {
    const key = keyOf(credential, purpose);
    const held = this.held.get(key);
    if (held && held.expiresAt - marginMs > performance.now()) return held.lease;
    return this.renew(credential, purpose);
  }

  /** A new lease, for example because the vendor refused the secret of the old one (G4). @throws LeaseError */
  async renew(credential: string, purpose: LeasePurpose, refused: Versions | null = null): Promise<OpenedLease> {
    const fresh = await this.ask(credential, purpose, refused);
    const key = keyOf(credential, purpose);
    this.held.delete(key);
    this.held.set(key, fresh);
    const [oldest] = this.held.keys();
    if (this.held.size > mostKept && oldest !== undefined) this.held.delete(oldest);
    return fresh.lease;
  }

  forget(credential: string, purpose: LeasePurpose): void {
    this.held.delete(keyOf(credential, purpose));
  }

  private async ask(credential: string, purpose: LeasePurpose, refused: Versions | null): Promise<HeldLease> {
    const askedAt = performance.now();
    const { publicKey, privateKey } = await generateSealKeyPair();
    const { outcome, reference } = await this.commands.send(
      requestLease,
      {
        aggregate: credential,
        actor: 'workflow',
        correlationId: purpose.reference,
        // Every request has a key pair of its own, so it is a command of its own.
        idempotencyKey: randomUUID(),
        input: { credential, purpose, publicKey, refused: refused && versionsOf(refused) },
      },
      answerWithinMs,
    );
    if (outcome.status === 'refused') throw refusedLease(outcome.error);
    if (outcome.status !== 'done') {
      const message = 'The credential vault did not answer in time. The step is tried again as soon as it does.';
      throw new LeaseError('lease-unavailable', message, { retriable: true });
    }
    const lease = await openLease({ privateKey, commandId: reference.id, sealed: outcome.result.sealed });
    return { lease, expiresAt: askedAt + outcome.result.lifeMs };
  }
}

/** A token endpoint that does not answer may answer later; everything else needs a person. */
function refusedLease({ code, message }: { readonly code: string; readonly message: string }): LeaseError {
  return code === 'token-unavailable'
    ? new LeaseError('lease-unavailable', message, { retriable: true })
    : new LeaseError('lease-refused', message);
}

function versionsOf({ secretVersion, tokenVersion }: Versions): Versions {
  return { secretVersion, tokenVersion };
}

function keyOf(credential: string, { kind, reference }: LeasePurpose): string {
  return JSON.stringify([credential, kind, reference]);
}

/** The plain fields, for the one request that is about to be made. */
export function materialOf({ fields, ...rest }: OpenedLease): LeaseMaterial {
  const plain = Object.entries(fields).map(([name, secret]) => [name, unwrapSecret(secret)] as const);
  return { ...rest, fields: Object.fromEntries(plain) };
}
