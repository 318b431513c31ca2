import { Injectable } from '@nestjs/common';
import { type CiphertextDocument, Databases, drafts } from '@rollcall/collections';
import type { CredentialRecord } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';

import { idTaken } from './credentials.errors.js';

/** How long a credential can be tried before it is stored. */
const draftMs = 10 * 60_000;

@Injectable()
export class DraftsRepository {
  constructor(private readonly databases: Databases) {}

  /** @throws CredentialError id-taken */
  async insert(
    session: ClientSession,
    record: CredentialRecord,
    ciphertexts: readonly CiphertextDocument[],
  ): Promise<void> {
    const model = this.databases.model(drafts);
    if (await model.findOne({ _id: record.id }, { _id: 1 }, { session }).lean()) throw idTaken(record.id);
    const removeAt = new Date(this.databases.timeMs() + draftMs);
    await model.create([{ _id: record.id, record, ciphertexts, removeAt }], { session });
  }
}
