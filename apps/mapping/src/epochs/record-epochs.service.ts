import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type ClientSession, Databases, type RecordEpochDocument } from '@rollcall/collections';
import { recordEpochAt, type ResyncReason } from '@rollcall/contracts';
import { Leases } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { EveryInterval, LOGGER } from '@rollcall/service';

import { PositionsRepository } from '../positions/positions.repository.js';
import { Marks } from './marks.js';
import { RecordEpochsRepository } from './record-epochs.repository.js';
import { type Restored, restoredOf } from './restores.js';
import { isUnread, type Lengths, type ReadOnce, TopicLengths } from './topic-lengths.js';

const lookMs = 5_000;
const leaseMs = 20_000;

const words: Readonly<Record<ResyncReason, string>> = {
  'database-restored': 'the database of mapping was restored from before: the topics hold more than it knows of',
  'topics-restored': 'topics were restored from an earlier state or recreated: they hold less than was written to them',
  'asked-for': 'a person asked for it',
};

/**
 * Notices that the database or the topics were restored from before, and begins another epoch of the records then
 * (ADR 0021). While all is well it costs a look every few seconds, and nothing on the way of a user.
 */
@Injectable()
export class RecordEpochsService implements OnModuleInit {
  private isDoubted = false;

  constructor(
    private readonly databases: Databases,
    private readonly epochs: RecordEpochsRepository,
    private readonly positions: PositionsRepository,
    private readonly topics: TopicLengths,
    private readonly marks: Marks,
    private readonly leases: Leases,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Before any consumer, and at every start: where database and topics were restored together nothing shows it, and ids must
   * not stand for something else than those that were said before.
   */
  async onModuleInit(): Promise<void> {
    const lengths = await this.topics.lengths();
    const stored = await this.epochs.find();
    if (stored === null) {
      const isLost = lengths.marks > 0 && (await this.marks.haveReached(0));
      return this.begin(null, lengths, isLost ? 'database-restored' : null);
    }
    const isBehind = (await this.restored(stored, lengths)) === 'database-restored' || (await this.hasUnread(stored));
    await this.begin(stored, lengths, isBehind ? 'database-restored' : null);
  }

  /** Begins another epoch because a person says so. Returns it. */
  async beginIn(session: ClientSession): Promise<string> {
    const stored = await this.epochs.find(session);
    const after = await this.next(stored, await this.topics.lengths(), 'asked-for');
    // A transaction that somebody else overtook is done again as a whole.
    if (!(await this.epochs.beginIn(session, stored, after))) throw new Error('another epoch began in this moment');
    return after.epoch;
  }

  @EveryInterval('look for restores', lookMs)
  async look(): Promise<void> {
    if (!(await this.leases.take('record-marks', leaseMs))) return;
    const lengths = await this.topics.lengths();
    const stored = await this.epochs.find();
    const restored = stored === null ? 'database-restored' : await this.restored(stored, lengths);
    // A broker that has just become the leader may for a moment show less than it holds, so that takes two looks.
    const isSure = restored === 'database-restored' || this.isDoubted;
    this.isDoubted = restored === 'topics-restored';
    if (restored !== null) {
      if (isSure) await this.begin(stored, lengths, restored);
    } else if (stored && lengths.published > stored.published) await this.mark(stored, lengths);
  }

  /** What somebody else wrote to the topic of marks makes it longer and says nothing. */
  private async restored(stored: RecordEpochDocument, lengths: Lengths): Promise<Restored | null> {
    const { planned } = stored.marks;
    const restored = restoredOf(stored, lengths);
    if (restored !== 'database-restored' || (await this.marks.haveReached(planned))) return restored;
    this.logger.warn(`${lengths.marks - planned} messages among the marks of the records are not those of mapping`);
    await this.epochs.passOver(stored, lengths.marks);
    return null;
  }

  private async mark(stored: RecordEpochDocument, lengths: Lengths): Promise<void> {
    const length = lengths.marks + 1;
    if (!(await this.epochs.plan(stored, length))) return;
    const { epoch } = stored;
    await this.marks.make(epoch, length);
    await this.epochs.marked(epoch, length, lengths.published);
  }

  private async begin(
    stored: RecordEpochDocument | null,
    lengths: Lengths,
    reason: ResyncReason | null,
  ): Promise<void> {
    const after = await this.next(stored, lengths, reason);
    if (!(await this.epochs.begin(stored, after)) || reason === null) return;
    this.isDoubted = false;
    this.logger.warn(`epoch ${after.epoch} of the records begins, and all of them are said again: ${words[reason]}`);
  }

  private async next(
    stored: RecordEpochDocument | null,
    lengths: Lengths,
    reason: ResyncReason | null,
  ): Promise<RecordEpochDocument> {
    const since = await this.databases.now();
    const readTo = reason === null ? [] : await this.unread();
    const { resync = null } = stored ?? {};
    // One that is not done begins anew: consumers forget what was not said in the epoch that it ends with.
    const again = resync && { ...resync, step: 'begin' as const, after: null };
    return {
      _id: 'records',
      epoch: recordEpochAt(since.getTime(), Math.random(), stored?.epoch ?? null),
      since,
      marks: { planned: lengths.marks, known: lengths.marks },
      published: lengths.published,
      resync:
        reason === null
          ? again
          : {
              reason,
              step: 'begin',
              after: null,
              readTo: readTo.map(({ partition, offset }) => ({ partition, offset })),
            },
    };
  }

  /** The group read on further than the database holds: also when no mark was made since. */
  private async hasUnread({ resync }: RecordEpochDocument): Promise<boolean> {
    return resync === null && (await this.unread()).length > 0;
  }

  private async unread(): Promise<ReadOnce[]> {
    const [read, positions] = [await this.topics.readOnce(), await this.positions.all()];
    return read.filter((one) => isUnread(one, positions));
  }
}
