import { Injectable } from '@nestjs/common';
import {
  type CiphertextDocument,
  ciphertexts,
  type CredentialDocument,
  credentials,
  Databases,
  trusted,
} from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

import { credentialRecordOf } from '../credentials/credential-record.js';

@Injectable()
export class HealthRepository {
  private readonly records: Model<CredentialDocument>;
  private readonly secrets: Model<CiphertextDocument>;

  constructor(databases: Databases) {
    this.records = databases.model(credentials);
    this.secrets = databases.model(ciphertexts);
  }

  async find(session: ClientSession, id: string): Promise<CredentialRecord | null> {
    const document = await this.records.findOne({ _id: id }, null, { session }).lean();
    return document && credentialRecordOf(document);
  }

  /** With the secret of before, where the record names none any more. */
  async mark(session: ClientSession, record: CredentialRecord): Promise<void> {
    const { id, version, secretVersion, attention, previous, updatedAt } = record;
    await this.records.updateOne({ _id: id }, { $set: { version, attention, previous, updatedAt } }, { session });
    if (previous !== null) return;
    await this.secrets.deleteMany({ credential: id, secretVersion: trusted({ $ne: secretVersion }) }, { session });
  }
}
