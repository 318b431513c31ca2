import { Injectable } from '@nestjs/common';
import {
  type CiphertextDocument,
  ciphertexts,
  type CredentialDocument,
  credentials,
  Databases,
  drafts,
  inTransaction,
} from '@rollcall/collections';

export interface StoredCredential {
  readonly credential: CredentialDocument;
  readonly ciphertexts: readonly CiphertextDocument[];
  /** When a draft is removed; null for what is stored. */
  readonly removeAt: Date | null;
}

@Injectable()
export class LeasesRepository {
  constructor(private readonly databases: Databases) {}

  /** Metadata and ciphertexts of one moment: read one after the other they could belong to two versions. */
  async findStored(id: string): Promise<StoredCredential | null> {
    return inTransaction(this.databases, async (session) => {
      const credential = await this.databases.model(credentials).findOne({ _id: id }, null, { session }).lean();
      if (!credential) return null;
      const secrets = await this.databases.model(ciphertexts).find({ credential: id }, null, { session }).lean();
      return { credential, ciphertexts: secrets, removeAt: null };
    });
  }

  async findDraft(id: string): Promise<StoredCredential | null> {
    const draft = await this.databases.model(drafts).findOne({ _id: id }).lean();
    if (draft === null || draft.removeAt <= this.databases.time()) return null;
    const { id: _id, ...rest } = draft.record;
    return { credential: { _id, ...rest }, ciphertexts: draft.ciphertexts, removeAt: draft.removeAt };
  }
}
