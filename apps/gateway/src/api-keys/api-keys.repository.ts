import { Injectable } from '@nestjs/common';
import { type ApiKeyDocument, apiKeys, Databases, isDuplicateKey, queryTimeMs } from '@rollcall/collections';

@Injectable()
export class ApiKeysRepository {
  constructor(private readonly databases: Databases) {}

  /** By the database's clock, which all replicas share. */
  time(): Date {
    return this.databases.time();
  }

  async findByHash(hash: string): Promise<ApiKeyDocument | null> {
    return this.collection.findOne({ hash }, null, { maxTimeMS: queryTimeMs }).lean();
  }

  async find(id: string): Promise<ApiKeyDocument | null> {
    return this.collection.findOne({ _id: id }, null, { maxTimeMS: queryTimeMs }).lean();
  }

  async all(): Promise<ApiKeyDocument[]> {
    return this.collection.find({}, null, { maxTimeMS: queryTimeMs, sort: { createdAt: 1 } }).lean();
  }

  async hashesOf(name: string): Promise<string[]> {
    const found = await this.collection.find({ name }, { hash: 1 }, { maxTimeMS: queryTimeMs }).lean();
    return found.map(({ hash }) => hash);
  }

  /** False when there is a key with this id or hash already. */
  async insert(document: ApiKeyDocument): Promise<boolean> {
    try {
      await this.collection.create([document]);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async noteUse(id: string, at: Date): Promise<void> {
    await this.collection.updateOne({ _id: id }, { $set: { lastUsedAt: at } });
  }

  /** The key after it was revoked; null when there is none. The first time of revoking stays. */
  async revoke(id: string, at: Date): Promise<ApiKeyDocument | null> {
    await this.collection.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt: at } });
    return this.collection.findOne({ _id: id }).lean();
  }

  private get collection() {
    return this.databases.model(apiKeys);
  }
}
