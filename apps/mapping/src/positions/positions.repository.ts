import { Injectable } from '@nestjs/common';
import { Databases, type PositionDocument, positions } from '@rollcall/collections';
import type { ClientSession, Collection } from 'mongodb';

/** Another consumer moved the position: this one does not own the partition any more (B15). */
export class PositionLost extends Error {
  constructor(partition: number) {
    super(`the position of partition ${partition} was moved by another consumer`);
    this.name = 'PositionLost';
  }
}

@Injectable()
export class PositionsRepository {
  private readonly collection: Collection<PositionDocument>;

  constructor(private readonly databases: Databases) {
    this.collection = databases.collection(positions);
  }

  async find(partition: number): Promise<PositionDocument | null> {
    return this.collection.findOne({ _id: partition });
  }

  async all(session?: ClientSession): Promise<PositionDocument[]> {
    return this.collection.find({}, { session }).toArray();
  }

  /** Compare-and-set within the transaction of what the position stands for (B13). Throws `PositionLost`. */
  async move(session: ClientSession, before: PositionDocument | null, after: PositionDocument): Promise<void> {
    if (before === null) {
      const result = await this.collection.updateOne(
        { _id: after._id },
        { $setOnInsert: after },
        { session, upsert: true },
      );
      if (result.upsertedCount !== 1) throw new PositionLost(after._id);
      return;
    }
    const result = await this.collection.replaceOne(
      {
        ...{ _id: before._id, offset: before.offset, line: before.line, digest: before.digest },
        // Another epoch of the records is another way, whatever the offset.
        records: before.records ?? { $exists: false },
      },
      after,
      { session },
    );
    if (result.matchedCount !== 1) throw new PositionLost(after._id);
  }

  /**
   * Notes why a partition is refused, so that every replica and the command that cures it know. False when the position
   * is another one than was judged: a refusal that comes after somebody accepted the topic would stay for good.
   */
  async refuse({ _id, epoch, offset }: PositionDocument, why: string): Promise<boolean> {
    const { matchedCount } = await this.collection.updateOne({ _id, epoch, offset }, { $set: { refused: why } });
    return matchedCount === 1;
  }

  /** Accepts the topic as it is now: reading starts at its beginning, in an epoch of its own (positions.reset). */
  async accept(session: ClientSession, { _id, epoch, records }: PositionDocument): Promise<void> {
    const mark = { offset: -1, digest: '' };
    const accepted: PositionDocument = {
      _id,
      epoch: epoch + 1,
      ...(records !== undefined && { records }),
      ...mark,
      line: null,
      from: mark,
      refused: null,
      at: this.databases.time(),
    };
    await this.collection.replaceOne({ _id }, accepted, { session });
  }
}
