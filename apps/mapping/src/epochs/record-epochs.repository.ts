import { Injectable } from '@nestjs/common';
import {
  Databases,
  inTransaction,
  isDuplicateKey,
  type PositionDocument,
  positions,
  type RecordEpochDocument,
  recordEpochs,
} from '@rollcall/collections';
import { rawRecordsTopic } from '@rollcall/contracts';
import type { ClientSession, Collection } from 'mongodb';

type Resync = NonNullable<RecordEpochDocument['resync']>;

/**
 * Epochs that a partition remembers, for what was applied in them and not published. Whoever applies something has said
 * again what was left of the epochs before, but for the last few slices: so few are enough.
 */
const mostFormer = 10;
const nothingRead = { offset: -1, digest: '' };

/** The present epoch of the records (ADR 0021). Whoever writes compares the epoch, so that one of several goes on. */
@Injectable()
export class RecordEpochsRepository {
  private readonly epochs: Collection<RecordEpochDocument>;
  private readonly positions: Collection<PositionDocument>;

  constructor(private readonly databases: Databases) {
    this.epochs = databases.collection(recordEpochs);
    this.positions = databases.collection(positions);
  }

  async find(session?: ClientSession): Promise<RecordEpochDocument | null> {
    return this.epochs.findOne({ _id: 'records' }, { session });
  }

  /**
   * Begins an epoch, and with it another way of every partition: whoever still works in the one before loses its position
   * and commits nothing more. False when somebody else began one meanwhile.
   */
  async begin(before: RecordEpochDocument | null, after: RecordEpochDocument): Promise<boolean> {
    try {
      return await inTransaction(this.databases, (session) => this.beginIn(session, before, after));
    } catch (error) {
      if (before === null && isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** The same within the transaction of a command. */
  async beginIn(
    session: ClientSession,
    before: RecordEpochDocument | null,
    after: RecordEpochDocument,
  ): Promise<boolean> {
    if (before === null) await this.epochs.insertOne(after, { session });
    else {
      const { epoch, marks } = before;
      const present = { _id: 'records' as const, epoch, 'marks.planned': marks.planned };
      if ((await this.epochs.replaceOne(present, after, { session })).matchedCount === 0) return false;
    }
    await this.moveOn(session, after.epoch);
    // Of a partition that holds nothing yet, somebody may be about to store the first position.
    if (after.resync !== null) await this.addMissing(session, after.epoch);
    return true;
  }

  /** Before a mark is sent. False when another epoch began, or another mark was planned. */
  async plan({ epoch, marks }: RecordEpochDocument, planned: number): Promise<boolean> {
    const { matchedCount } = await this.epochs.updateOne(
      { _id: 'records', epoch, 'marks.planned': marks.planned },
      { $set: { 'marks.planned': planned } },
    );
    return matchedCount > 0;
  }

  /** Takes the topic of marks for as long as it is. */
  async passOver({ epoch, marks }: RecordEpochDocument, length: number): Promise<void> {
    await this.epochs.updateOne(
      { _id: 'records', epoch, 'marks.planned': marks.planned },
      { $set: { marks: { planned: length, known: length } } },
    );
  }

  async marked(epoch: string, known: number, published: number): Promise<void> {
    await this.epochs.updateOne({ _id: 'records', epoch }, { $max: { 'marks.known': known, published } });
  }

  /** Notes how far the records were said again; null = all of them. */
  async proceed(epoch: string, done: Partial<Resync> | null): Promise<void> {
    const $set =
      done === null
        ? { resync: null }
        : Object.fromEntries(Object.entries(done).map(([name, value]) => [`resync.${name}`, value]));
    await this.epochs.updateOne({ _id: 'records', epoch }, { $set });
  }

  private async moveOn(session: ClientSession, epoch: string): Promise<void> {
    const known = { $ifNull: ['$formerRecords', []] };
    // However often a service starts: an epoch in which nothing was applied pushes none out in which something was.
    const before = { $cond: [{ $eq: ['$hasApplied', false] }, [], [{ $ifNull: ['$records', ''] }]] };
    const former = { $concatArrays: [known, before] };
    await this.positions.updateMany(
      {},
      [{ $set: { formerRecords: { $slice: [former, -mostFormer] }, records: { $literal: epoch }, hasApplied: false } }],
      { session },
    );
  }

  private async addMissing(session: ClientSession, records: string): Promise<void> {
    const known = new Set(await this.positions.distinct('_id', {}, { session }));
    const missing = Array.from({ length: rawRecordsTopic.partitions }, (_, partition) => partition).filter(
      (partition) => !known.has(partition),
    );
    if (missing.length === 0) return;
    const unread = {
      epoch: 0,
      records,
      hasApplied: false,
      ...nothingRead,
      line: null,
      from: nothingRead,
      refused: null,
      at: this.databases.time(),
    };
    await this.positions.insertMany(
      missing.map((_id) => ({ _id, ...unread })),
      { session },
    );
  }
}
