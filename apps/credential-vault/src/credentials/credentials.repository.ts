import { Injectable } from '@nestjs/common';
import {
  type CiphertextDocument,
  ciphertexts,
  type CredentialDocument,
  credentials,
  Databases,
  type EditKind,
  trusted,
  withEdit,
} from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

import { credentialRecordOf } from './credential-record.js';

@Injectable()
export class CredentialsRepository {
  private readonly records: Model<CredentialDocument>;
  private readonly secrets: Model<CiphertextDocument>;

  constructor(private readonly databases: Databases) {
    this.records = databases.model(credentials);
    this.secrets = databases.model(ciphertexts);
  }

  /** By the database's clock. */
  time(): Date {
    return this.databases.time();
  }

  async find(session: ClientSession, id: string): Promise<CredentialRecord | null> {
    const document = await this.records.findOne({ _id: id }, null, { session }).lean();
    return document && credentialRecordOf(document);
  }

  async ciphertextsOf(session: ClientSession, credential: string): Promise<CiphertextDocument[]> {
    return this.secrets.find({ credential }, null, { session }).lean();
  }

  async isNameTaken(session: ClientSession, name: string, except: string): Promise<boolean> {
    const other = await this.records.findOne({ name, _id: trusted({ $ne: except }) }, { _id: 1 }, { session }).lean();
    return other !== null;
  }

  async insert(
    session: ClientSession,
    { id, ...rest }: CredentialRecord,
    secrets: readonly CiphertextDocument[],
    by: string,
  ): Promise<void> {
    await this.records.create([{ _id: id, ...rest, edits: [{ by, at: this.databases.time(), kind: 'made' }] }], {
      session,
    });
    await this.secrets.insertMany([...secrets], { session });
  }

  /** Metadata and, if given, all ciphertexts anew: none stays behind but of the secret that is named as the one before. */
  async replace(
    session: ClientSession,
    { id, ...rest }: CredentialRecord,
    secrets: readonly CiphertextDocument[] | null,
    { by, kinds }: { readonly by: string; readonly kinds: readonly EditKind[] },
  ): Promise<void> {
    const before = await this.records.findOne({ _id: id }, { edits: 1 }, { session }).lean();
    const at = this.databases.time();
    const edits = kinds.reduce((known, kind) => withEdit(known, { by, at, kind }), before?.edits ?? []);
    await this.records.replaceOne({ _id: id }, { _id: id, ...rest, edits }, { session });
    const kept = [rest.secretVersion, ...(rest.previous === null ? [] : [rest.previous.secretVersion])];
    await this.secrets.deleteMany({ credential: id, secretVersion: trusted({ $nin: kept }) }, { session });
    if (secrets !== null) await this.secrets.insertMany([...secrets], { session });
  }

  async remove(session: ClientSession, id: string): Promise<void> {
    await this.records.deleteOne({ _id: id }, { session });
    await this.secrets.deleteMany({ credential: id }, { session });
  }
}
