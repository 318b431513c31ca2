import { Injectable } from '@nestjs/common';
import {
  type ClientSession,
  type CredentialDocument,
  credentials,
  Databases,
  type IntegrationDocument,
  integrations,
  inTransaction,
} from '@rollcall/collections';

/** Reads the credentials that the vault publishes, and which integrations use them. */
@Injectable()
export class CredentialsRepository {
  constructor(private readonly databases: Databases) {}

  async inTransaction(work: (session: ClientSession) => Promise<void>): Promise<void> {
    await inTransaction(this.databases, work);
  }

  async findIntegration(id: string): Promise<IntegrationDocument | null> {
    return this.databases.model(integrations).findOne({ _id: id }).lean();
  }

  /** The integration that uses a credential, null when none does or several do. */
  async findOnlyUser(credential: string): Promise<IntegrationDocument | null> {
    const found = await this.databases.model(integrations).find({ credential }).limit(2).lean();
    return found.length === 1 ? found[0]! : null;
  }

  async find(id: string): Promise<CredentialDocument | null> {
    return this.databases.model(credentials).findOne({ _id: id }).lean();
  }
}
