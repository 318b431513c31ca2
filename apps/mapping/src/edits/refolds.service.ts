import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Databases, inTransaction } from '@rollcall/collections';
import { Leases, Loop } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { PeopleReads } from '../people/people-reads.repository.js';
import { CommandChanges } from './command-changes.js';

const peoplePerTransaction = 100;
const leaseMs = 30_000;
const idleMs = 2_000;

/** Walks people after the fold settings changed, until nobody concerned has an older version (D1). */
@Injectable()
export class RefoldsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;
  /** Settings up to which this process found nobody left, so that idle looks cost one read. */
  private settled = 0;

  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(FoldSettingsRepository) private readonly settings: FoldSettingsRepository,
    @Inject(PeopleReads) private readonly reads: PeopleReads,
    @Inject(CommandChanges) private readonly changes: CommandChanges,
    @Inject(Leases) private readonly leases: Leases,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.loop = new Loop({ name: 'refold', idleMs, logger, step: () => this.step() });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async step(): Promise<boolean> {
    const { concerns } = await this.settings.get();
    if (concerns <= this.settled || !(await this.leases.take('refold', leaseMs))) return false;
    const people = await this.reads.peopleOlderThan(concerns, peoplePerTransaction);
    if (people.length === 0) {
      this.settled = concerns;
      return false;
    }
    const id = `refold-${concerns}-${uuidv7()}`;
    await inTransaction(this.databases, (session) =>
      this.changes.apply(
        session,
        { id, cause: { kind: 'refold', version: concerns } },
        { accounts: [], people },
        (fold, origin) => {
          for (const person of people) fold.touchPerson(person, origin);
        },
      ),
    );
    return true;
  }
}
