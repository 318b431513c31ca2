import { Injectable } from '@nestjs/common';
import {
  type CiphertextDocument,
  ciphertexts,
  type CredentialDocument,
  credentials,
  Databases,
  inTransaction,
  type TokenDocument,
  tokens,
} from '@rollcall/collections';

/** Everything that is stored of a credential, of one moment. */
export interface StoredSecrets {
  readonly credential: CredentialDocument | null;
  readonly ciphertexts: readonly CiphertextDocument[];
  readonly token: TokenDocument | null;
}

@Injectable()
export class VerificationRepository {
  constructor(private readonly databases: Databases) {}

  async *credentials(): AsyncGenerator<CredentialDocument> {
    yield* this.databases.collection(credentials).find();
  }

  async findStored(credential: string): Promise<StoredSecrets> {
    return inTransaction(this.databases, async (session) => ({
      credential: await this.databases.model(credentials).findOne({ _id: credential }, null, { session }).lean(),
      ciphertexts: await this.databases.model(ciphertexts).find({ credential }, null, { session }).lean(),
      token: await this.databases.model(tokens).findOne({ _id: credential }, null, { session }).lean(),
    }));
  }
}
