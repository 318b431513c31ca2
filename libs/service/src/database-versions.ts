import {
  type DatabaseOwner,
  type Databases,
  migrateDatabase,
  requireVersion,
  SchemaVersionError,
} from '@rollcall/collections';
import { errorText } from '@rollcall/contracts';
import type { HealthState, Logger } from '@rollcall/observability';

/** Whether the databases that a service works with are of the version that its code was written for. */
export class DatabaseVersions {
  constructor(
    private readonly databases: Databases,
    private readonly owners: readonly DatabaseOwner[],
  ) {}

  /** @throws SchemaVersionError with the cure; nothing was changed then */
  async require(): Promise<void> {
    await Promise.all(this.owners.map((owner) => requireVersion(this.databases.database(owner), owner)));
  }

  /** For /readyz: somebody may install another version while this process runs. */
  async check(): Promise<HealthState> {
    try {
      await this.require();
      return { ok: true, detail: 'of the version that this service was written for' };
    } catch (error) {
      if (!(error instanceof SchemaVersionError)) throw error;
      return { ok: false, detail: errorText(error) };
    }
  }

  /** @throws SchemaVersionError */
  async migrate(logger: Logger): Promise<void> {
    for (const owner of this.owners) {
      await migrateDatabase(this.databases, owner, { tell: (line) => logger.info(line) });
    }
  }
}
