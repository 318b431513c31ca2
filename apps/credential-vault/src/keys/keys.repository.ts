import { Inject, Injectable } from '@nestjs/common';
import { ciphertexts, Databases, type DataKeyDocument, dataKeys, inTransaction } from '@rollcall/collections';
import type { Collection } from 'mongodb';

@Injectable()
export class KeysRepository {
  private readonly keys: Collection<DataKeyDocument>;

  constructor(@Inject(Databases) private readonly databases: Databases) {
    this.keys = databases.collection(dataKeys);
  }

  /** Oldest first. */
  async findAll(): Promise<DataKeyDocument[]> {
    return this.keys.find().sort({ createdAt: 1 }).toArray();
  }

  async findById(id: string): Promise<DataKeyDocument | null> {
    return this.keys.findOne({ _id: id });
  }

  async insert(key: DataKeyDocument): Promise<void> {
    await this.keys.insertOne(key);
  }

  async hasCiphertexts(): Promise<boolean> {
    return (await this.databases.collection(ciphertexts).findOne({}, { projection: { _id: 1 } })) !== null;
  }

  /**
   * Reserves `count` encryptions of the current key, or nothing if that would pass `limit`. Never part of a command's
   * transaction: a rolled back reservation would hand the same numbers out twice (P26).
   */
  async reserve(count: number, limit: number): Promise<DataKeyDocument | null> {
    return this.keys.findOneAndUpdate(
      { state: 'current', reserved: { $lte: limit - count } },
      { $inc: { reserved: count } },
      { sort: { createdAt: 1 }, returnDocument: 'after' },
    );
  }

  /** Retires the current key in favour of `next`. False if another replica did so first. */
  async replaceCurrent(current: string, next: DataKeyDocument): Promise<boolean> {
    return inTransaction(this.databases, async (session) => {
      const retired = await this.keys.updateOne(
        { _id: current, state: 'current' },
        { $set: { state: 'retired' } },
        { session },
      );
      if (retired.matchedCount === 0) return false;
      await this.keys.insertOne(next, { session });
      return true;
    });
  }
}
