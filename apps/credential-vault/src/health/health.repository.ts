import { Inject, Injectable } from '@nestjs/common';
import { type CredentialDocument, credentials, Databases } from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';
import type { ClientSession, Collection } from 'mongodb';

@Injectable()
export class HealthRepository {
  private readonly records: Collection<CredentialDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.records = databases.collection(credentials);
  }

  async find(session: ClientSession, id: string): Promise<CredentialRecord | null> {
    const document = await this.records.findOne({ _id: id }, { session });
    if (!document) return null;
    const { _id, ownUsers = null, edits: _edits, ...rest } = document;
    return { id: _id, ...rest, ownUsers };
  }

  async mark(session: ClientSession, { id, version, attention, updatedAt }: CredentialRecord): Promise<void> {
    await this.records.updateOne({ _id: id }, { $set: { version, attention, updatedAt } }, { session });
  }
}
