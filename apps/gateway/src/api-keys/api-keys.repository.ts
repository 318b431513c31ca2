import { Inject, Injectable } from '@nestjs/common';
import { type ApiKeyDocument, apiKeys, Databases, isDuplicateKey, queryTimeMs } from '@rollcall/collections';

@Injectable()
export class ApiKeysRepository {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  /** By the database's clock, which all replicas share. */
  time(): Date {
    return this.databases.time();
  }

  async findByHash(hash: string): Promise<ApiKeyDocument | null> {
    return this.collection.findOne({ hash }, { maxTimeMS: queryTimeMs });
  }

  async find(id: string): Promise<ApiKeyDocument | null> {
    return this.collection.findOne({ _id: id }, { maxTimeMS: queryTimeMs });
  }

  async all(): Promise<ApiKeyDocument[]> {
    return this.collection.find({}, { maxTimeMS: queryTimeMs, sort: { createdAt: 1 } }).toArray();
  }

  async hashesOf(name: string): Promise<string[]> {
    const found = await this.collection.find({ name }, { projection: { hash: 1 }, maxTimeMS: queryTimeMs }).toArray();
    return found.map(({ hash }) => hash);
  }

  /** False when there is a key with this id or hash already. */
  async insert(document: ApiKeyDocument): Promise<boolean> {
    try {
      await this.collection.insertOne(document);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** The key after it was revoked; null when there is none. The first time of revoking stays. */
  async revoke(id: string, at: Date): Promise<ApiKeyDocument | null> {
    await this.collection.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt: at } });
    return this.collection.findOne({ _id: id });
  }

  private get collection() {
    return this.databases.collection(apiKeys);
  }
}
