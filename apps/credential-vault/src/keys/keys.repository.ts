import { Injectable } from '@nestjs/common';
import {
  type CiphertextDocument,
  ciphertexts,
  type CredentialDocument,
  credentials,
  Databases,
  type DataKeyDocument,
  dataKeys,
  inTransaction,
  tokens,
  trusted,
} from '@rollcall/collections';
import type { KeyRotation } from '@rollcall/contracts';
import { earlierFields, type WrappedDataKey } from '@rollcall/secrets';
import type { Model } from 'mongoose';

export interface StoredField {
  readonly ciphertext: CiphertextDocument;
  readonly credential: CredentialDocument;
}

@Injectable()
export class KeysRepository {
  private readonly keys: Model<DataKeyDocument>;

  constructor(private readonly databases: Databases) {
    this.keys = databases.model(dataKeys);
  }

  /** By the database's clock. */
  time(): Date {
    return this.databases.time();
  }

  /** Oldest first. */
  async findAll(): Promise<DataKeyDocument[]> {
    return this.keys.find().sort({ createdAt: 1 }).lean();
  }

  async findById(id: string): Promise<DataKeyDocument | null> {
    return this.keys.findOne({ _id: id }).lean();
  }

  async insert(key: DataKeyDocument): Promise<void> {
    await this.keys.create([key]);
  }

  async hasCiphertexts(): Promise<boolean> {
    return (await this.databases.model(ciphertexts).findOne({}, { _id: 1 }).lean()) !== null;
  }

  /** Fields in an earlier format, each with the credential that it is of now. */
  async *earlierCiphertexts(): AsyncGenerator<StoredField> {
    for await (const ciphertext of this.databases
      .model(ciphertexts)
      .find({ ciphertext: earlierFields })
      .lean()
      .cursor()) {
      const credential = await this.databases.model(credentials).findOne({ _id: ciphertext.credential }).lean();
      if (credential !== null) yield { ciphertext, credential };
    }
  }

  /** Whose digest is missing or by another key, each with the credential that it is of now. */
  async *undigestedCiphertexts(prefix: string): AsyncGenerator<StoredField> {
    const undigested = trusted({ $not: new RegExp(`^${prefix.replace('.', String.raw`\.`)}`) });
    for await (const ciphertext of this.databases
      .model(ciphertexts)
      .find({ valueDigest: undigested })
      .lean()
      .cursor()) {
      const credential = await this.databases.model(credentials).findOne({ _id: ciphertext.credential }).lean();
      if (credential !== null) yield { ciphertext, credential };
    }
  }

  /** Each only if it is still what was read. */
  async noteDigests(digests: readonly Pick<CiphertextDocument, '_id' | 'ciphertext' | 'valueDigest'>[]): Promise<void> {
    const writes = digests.map(({ _id, ciphertext, valueDigest }) => ({
      updateOne: { filter: { _id, ciphertext }, update: { $set: { valueDigest } } },
    }));
    if (writes.length > 0) await this.databases.model(ciphertexts).bulkWrite(writes, { ordered: false });
  }

  /** Returns how many were replaced: none if somebody else did so first, or the secret was entered anew meanwhile. */
  async replaceCiphertext(
    { _id, ciphertext }: CiphertextDocument,
    after: Pick<CiphertextDocument, 'dataKey' | 'ciphertext' | 'origin'>,
  ): Promise<number> {
    const replaced = await this.databases.model(ciphertexts).updateOne({ _id, ciphertext }, { $set: after });
    return replaced.modifiedCount;
  }

  async dropEarlierTokens(): Promise<void> {
    await this.databases.model(tokens).updateMany({ ciphertext: earlierFields }, { $set: { ciphertext: null } });
  }

  /**
   * Reserves `count` encryptions of the current key, or nothing if that would pass `limit`. Never part of a command's
   * transaction: a rolled back reservation would hand the same numbers out twice (P26).
   */
  async reserve(count: number, limit: number): Promise<DataKeyDocument | null> {
    return this.keys
      .findOneAndUpdate(
        { state: 'current', reserved: trusted({ $lte: limit - count }) },
        { $inc: { reserved: count } },
        { sort: { createdAt: 1 }, returnDocument: 'after' },
      )
      .lean();
  }

  /** Asked of the database each time: another replica may have replaced it a moment ago. */
  async isCurrent(id: string): Promise<boolean> {
    return (await this.keys.findOne({ _id: id, state: 'current' }, { _id: 1 }).lean()) !== null;
  }

  /** The key that this command made before it was repeated. */
  async findMadeFor(command: string): Promise<DataKeyDocument | null> {
    return this.keys.findOne({ madeFor: command }).lean();
  }

  /** False if somebody else wrapped or deleted it meanwhile. */
  async replaceWrapping({ _id, wrapped }: DataKeyDocument, after: WrappedDataKey): Promise<boolean> {
    const { wrapped: text, keyCheck } = after;
    const replaced = await this.keys.updateOne({ _id, wrapped }, { $set: { wrapped: text, keyCheck } });
    return replaced.modifiedCount === 1;
  }

  /** Retires `current`, and whatever else is current, in favour of `next`. False if another replica did so first. */
  async replaceCurrent(current: string, next: DataKeyDocument, reason: KeyRotation['reason']): Promise<boolean> {
    return inTransaction(this.databases, async (session) => {
      const retirement = {
        $set: { state: 'retired' as const, retiredAt: this.databases.time(), retiredFor: reason },
      };
      const retired = await this.keys.updateOne({ _id: current, state: 'current' }, retirement, { session });
      if (retired.matchedCount === 0) return false;
      await this.keys.updateMany({ state: 'current' }, retirement, { session });
      await this.keys.create([next], { session });
      return true;
    });
  }
}
