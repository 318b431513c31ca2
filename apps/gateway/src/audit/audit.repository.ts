import { Inject, Injectable } from '@nestjs/common';
import { type AuditDocument, auditEvents, Databases } from '@rollcall/collections';

@Injectable()
export class AuditRepository {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  /** By the database's clock. */
  time(): Date {
    return this.databases.time();
  }

  async insert(document: AuditDocument): Promise<void> {
    await this.databases.model(auditEvents).create([document]);
  }

  async setOutcome(
    id: string,
    outcome: Pick<AuditDocument, 'status'> & Partial<Pick<AuditDocument, 'object'>>,
  ): Promise<void> {
    await this.databases.model(auditEvents).updateOne({ _id: id }, { $set: outcome });
  }
}
