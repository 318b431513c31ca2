import { Inject, Injectable } from '@nestjs/common';
import {
  type AuthorizationDocument,
  authorizations,
  type CiphertextDocument,
  ciphertexts,
  type CredentialDocument,
  credentials,
  Databases,
  inTransaction,
  trusted,
} from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';

import { credentialRecordOf } from '../credentials/credential-record.js';

@Injectable()
export class AuthorizationsRepository {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  time(): Date {
    return this.databases.time();
  }

  async insert(session: ClientSession, authorization: AuthorizationDocument): Promise<void> {
    await this.databases.model(authorizations).create([authorization], { session });
  }

  /** Whoever comes first ends it; the same command may come again. */
  async end(state: string, command: string): Promise<AuthorizationDocument | null> {
    return this.databases
      .model(authorizations)
      .findOneAndUpdate(
        {
          _id: state,
          removeAt: trusted({ $gt: this.databases.time() }),
          endedBy: trusted({ $in: [null, command] }),
        },
        { $set: { endedBy: command } },
        { returnDocument: 'after' },
      )
      .lean();
  }

  async findCredential(id: string, session?: ClientSession): Promise<CredentialRecord | null> {
    const found = await this.databases.model(credentials).findOne({ _id: id }, null, { session }).lean();
    return found && credentialRecordOf(found);
  }

  async ciphertextsOf(credential: string): Promise<CiphertextDocument[]> {
    return this.databases.model(ciphertexts).find({ credential }).lean();
  }

  /** The refresh token beside the other fields. */
  async store(session: ClientSession, record: CredentialRecord, refresh: CiphertextDocument | null): Promise<void> {
    const { id, ...rest } = record;
    const { version, secretFields, attention, updatedAt } = rest;
    const change: Partial<CredentialDocument> = { version, secretFields, attention, updatedAt };
    await this.databases.model(credentials).updateOne({ _id: id }, { $set: change }, { session });
    if (refresh === null) return;
    const { _id, ...fields } = refresh;
    await this.databases.model(ciphertexts).updateOne({ _id }, { $set: fields }, { session, upsert: true });
  }

  inTransaction<Result>(work: (session: ClientSession) => Promise<Result>): Promise<Result> {
    return inTransaction(this.databases, work);
  }
}
