import { Inject, Injectable } from '@nestjs/common';
import {
  type ClientSession,
  type CredentialDocument,
  credentials,
  Databases,
  inTransaction,
} from '@rollcall/collections';

/** Reads the credentials that the vault publishes. */
@Injectable()
export class CredentialsRepository {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  async inTransaction(work: (session: ClientSession) => Promise<void>): Promise<void> {
    await inTransaction(this.databases, work);
  }

  async find(id: string): Promise<CredentialDocument | null> {
    return this.databases.collection(credentials).findOne({ _id: id });
  }
}
