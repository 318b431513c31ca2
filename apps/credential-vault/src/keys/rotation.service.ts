import { Inject, Injectable } from '@nestjs/common';
import type { DataKeyDocument } from '@rollcall/collections';
import { AppError, type EncryptionKeys, type KeyRotation } from '@rollcall/contracts';
import { Leases } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { type DataKey, resealField } from '@rollcall/secrets';
import { Background, EveryInterval, LOGGER } from '@rollcall/service';

import { placeOf } from './field-place.js';
import { KeyReport } from './key-report.js';
import { KeysRepository } from './keys.repository.js';
import { KeysService } from './keys.service.js';
import { type ReplacedText, RotationRepository, type StoredText } from './rotation.repository.js';
import { isAged, isSettled } from './rotation-state.js';

const claim = 'key-rotation';
const claimMs = 30_000;
const lookEveryMs = 5_000;
const portion = 500;
/** A step lasts about so long, so that the service can stop between two of them. */
const stepMs = 2_000;
const reportEveryMs = 1_000;
const idleReportMs = 60_000;

interface Pass {
  readonly resealed: number;
  readonly unreadable: number;
  /** Nothing was passed over because time was up. */
  readonly isComplete: boolean;
}

/**
 * Replaces data keys while everything goes on: a new key takes over at once, and what is stored under replaced ones is
 * encrypted again by whichever replica has the claim. What is left to do is what is stored under a replaced key, so a
 * killed replica loses nothing and another one goes on.
 */
@Injectable()
export class RotationService {
  private reportedAt = -Infinity;
  /** Until then what does not open is left alone. */
  private restUntil = -Infinity;
  /** Replaced keys of which others know. */
  private told: ReadonlySet<string> = new Set();

  constructor(
    private readonly keys: KeysService,
    private readonly repository: KeysRepository,
    private readonly texts: RotationRepository,
    private readonly report: KeyReport,
    private readonly leases: Leases,
    private readonly background: Background,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A new data key now; the rest happens in the background. Repeated for the same command it makes no further one. */
  async rotateDataKey(reason: KeyRotation['reason'], command?: string): Promise<void> {
    await this.keys.replaceDataKey(reason, command);
    this.restUntil = -Infinity;
    this.background.wake(RotationService);
  }

  /** Wraps every data key by the newest version of the configured key-encryption key. They are few, so it is done at once. */
  async wrapAgain(): Promise<void> {
    for (const key of await this.repository.findAll()) {
      if (await this.keys.keyring.wrapAgain(key)) this.logger.info('data key wrapped anew', { dataKey: key._id });
    }
  }

  /** Counts anew and says it to others too. */
  async state(): Promise<EncryptionKeys> {
    return this.report.update();
  }

  @EveryInterval('key rotation', lookEveryMs)
  async step(): Promise<boolean> {
    if (!this.keys.isOpen) return false;
    const stored = await this.repository.findAll();
    this.keys.keyring.forgetAllBut(stored);
    await this.keys.keyring.learn(stored);
    if (!this.isDue(stored) || !(await this.leases.take(claim, claimMs))) return false;
    try {
      return await this.work(stored);
    } finally {
      await this.leases.release(claim);
    }
  }

  private isDue(stored: readonly DataKeyDocument[]): boolean {
    const now = this.repository.time();
    const isReplaced = stored.some(({ state }) => state === 'retired') && performance.now() >= this.restUntil;
    const isOld = stored.some((key) => isAged(key, now));
    return isReplaced || isOld || performance.now() - this.reportedAt > idleReportMs;
  }

  private async work(stored: readonly DataKeyDocument[]): Promise<boolean> {
    if (stored.some((key) => isAged(key, this.repository.time()))) await this.rotateDataKey('age');
    await this.tellOfNew();
    const pass = await this.pass();
    await this.deleteUnused();
    const { rotation } = await this.tell(pass.isComplete ? pass.unreadable : null);
    const left = rotation?.left ?? 0;
    if (pass.isComplete && pass.resealed === 0)
      this.restUntil = performance.now() + (left > 0 ? idleReportMs : lookEveryMs);
    return !pass.isComplete || left > pass.unreadable;
  }

  /** Before anything of a rotation is done that nobody asked for: what it comes to in all is said first. */
  private async tellOfNew(): Promise<void> {
    const replaced = (await this.repository.findAll()).filter(({ state }) => state === 'retired');
    if (replaced.every(({ _id }) => this.told.has(_id))) return;
    await this.tell(null);
    this.told = new Set(replaced.map(({ _id }) => _id));
  }

  private async pass(): Promise<Pass> {
    const until = performance.now() + stepMs;
    let [resealed, unreadable] = [0, 0];
    const replaced = (await this.repository.findAll()).filter(({ state }) => state === 'retired');
    for (const key of replaced) {
      for await (const texts of this.texts.texts(key._id, portion)) {
        if (resealed > 0 && performance.now() > until) return { resealed, unreadable, isComplete: false };
        // Whoever took over while this process was paused goes on instead.
        if (!(await this.leases.take(claim, claimMs))) return { resealed, unreadable, isComplete: false };
        const done = await this.reseal(key, texts);
        resealed += done;
        unreadable += texts.length - done;
        if (performance.now() - this.reportedAt > reportEveryMs) await this.tell(null);
      }
    }
    return { resealed, unreadable, isComplete: true };
  }

  /** Returns how many were encrypted again. */
  private async reseal(key: DataKeyDocument, texts: readonly StoredText[]): Promise<number> {
    const from = await this.keyOf(key);
    if (!from) return 0;
    const credentials = await this.texts.credentialsOf(texts);
    const to = await this.keys.takeUses(texts.length);
    const replaced = texts.flatMap((text): ReplacedText[] => {
      const credential = credentials.get(text.credential);
      if (!credential) return [];
      const place = placeOf(text.credential, credential, text.field, text.version);
      const after = orNull(() => resealField(from, to, place, text.ciphertext));
      return after === null ? [] : [{ ...text, after }];
    });
    await this.texts.replace(replaced, to.id);
    const opened = new Set(replaced.map(({ id, kind }) => `${kind} ${id}`));
    await this.texts.dropTokens(texts.filter(({ id, kind }) => !opened.has(`${kind} ${id}`)));
    return replaced.length;
  }

  /** Null when the stored key was altered: then nothing under it opens. */
  private async keyOf(key: DataKeyDocument): Promise<DataKey | null> {
    try {
      return await this.keys.keyring.open(key);
    } catch (error) {
      if (error instanceof AppError && error.code === 'secret-unreadable') return null;
      throw error;
    }
  }

  /** Oldest first: while something of an older one is left, a paused replica could still store it under a newer one. */
  private async deleteUnused(): Promise<void> {
    for (const key of await this.repository.findAll()) {
      if (key.state === 'current') continue;
      if (!isSettled(key, this.repository.time()) || (await this.texts.isUsed(key._id))) return;
      await this.texts.deleteRetired(key);
      this.logger.info('data key deleted: nothing is stored under it any more', { dataKey: key._id });
    }
    this.keys.keyring.forgetAllBut(await this.repository.findAll());
  }

  private async tell(unreadable: number | null): Promise<EncryptionKeys> {
    this.reportedAt = performance.now();
    return this.report.update(unreadable);
  }
}

function orNull(reseal: () => string): string | null {
  try {
    return reseal();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
