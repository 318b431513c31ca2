import { Inject, Injectable } from '@nestjs/common';
import { type CredentialDocument, credentials, Databases } from '@rollcall/collections';

/** Reads the credentials that the vault publishes. */
@Injectable()
export class CredentialsRepository {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  async find(id: string): Promise<CredentialDocument | null> {
    return this.databases.collection(credentials).findOne({ _id: id });
  }
}
