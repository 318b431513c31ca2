import { Injectable } from '@nestjs/common';
import {
  type AuthorizationDocument,
  authorizations,
  type CiphertextDocument,
  ciphertexts,
  credentials,
  Databases,
  inTransaction,
  trusted,
  withEdit,
} from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';

import { credentialRecordOf } from '../credentials/credential-record.js';

@Injectable()
export class AuthorizationsRepository {
  constructor(private readonly databases: Databases) {}

  time(): Date {
    return this.databases.time();
  }

  async insert(session: ClientSession, authorization: AuthorizationDocument): Promise<void> {
    await this.databases.model(authorizations).create([authorization], { session });
  }

  /** Whoever comes first ends it, and asks the vendor once. */
  async end(state: string, command: string): Promise<AuthorizationDocument | null> {
    const open = { _id: state, removeAt: trusted({ $gt: this.databases.time() }), endedBy: null };
    return this.databases
      .model(authorizations)
      .findOneAndUpdate(open, { $set: { endedBy: command } }, { returnDocument: 'after' })
      .lean();
  }

  async find(state: string): Promise<AuthorizationDocument | null> {
    return this.databases.model(authorizations).findOne({ _id: state }).lean();
  }

  async findCredential(id: string, session?: ClientSession): Promise<CredentialRecord | null> {
    const found = await this.databases.model(credentials).findOne({ _id: id }, null, { session }).lean();
    return found && credentialRecordOf(found);
  }

  async ciphertextsOf(credential: string): Promise<CiphertextDocument[]> {
    return this.databases.model(ciphertexts).find({ credential }).lean();
  }

  /** The credential with a new secret, and nothing of one before: another consent is another sign-in. */
  async store(
    session: ClientSession,
    record: CredentialRecord,
    secrets: readonly CiphertextDocument[],
    { _id: state, by }: AuthorizationDocument,
  ): Promise<void> {
    const { id, ...rest } = record;
    const at = this.databases.time();
    const before = await this.databases.model(credentials).findOne({ _id: id }, { edits: 1 }, { session }).lean();
    const edits = withEdit(before?.edits ?? [], { by, at, kind: 'entered-secret' });
    await this.databases.model(credentials).updateOne({ _id: id }, { $set: { ...rest, edits } }, { session });
    await this.databases.model(ciphertexts).deleteMany({ credential: id }, { session });
    await this.databases.model(ciphertexts).insertMany([...secrets], { session });
    await this.databases.model(authorizations).updateOne({ _id: state }, { $set: { doneAt: at } }, { session });
  }

  inTransaction<Result>(work: (session: ClientSession) => Promise<Result>): Promise<Result> {
    return inTransaction(this.databases, work);
  }
}
