import { Inject, Injectable } from '@nestjs/common';
import { type CredentialDocument, credentials, Databases } from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

import { credentialRecordOf } from '../credentials/credential-record.js';

@Injectable()
export class HealthRepository {
  private readonly records: Model<CredentialDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.records = databases.model(credentials);
  }

  async find(session: ClientSession, id: string): Promise<CredentialRecord | null> {
    const document = await this.records.findOne({ _id: id }, null, { session }).lean();
    return document && credentialRecordOf(document);
  }

  async mark(session: ClientSession, { id, version, attention, updatedAt }: CredentialRecord): Promise<void> {
    await this.records.updateOne({ _id: id }, { $set: { version, attention, updatedAt } }, { session });
  }
}
