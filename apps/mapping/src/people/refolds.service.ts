import { Injectable } from '@nestjs/common';
import { Databases, inTransaction, transactionLimitMs } from '@rollcall/collections';
import { Leases } from '@rollcall/messaging';
import { EveryInterval } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import { CommandChanges } from './command-changes.js';
import { FoldSettingsRepository } from './fold-settings.repository.js';
import { PeopleReadsRepository } from './people-reads.repository.js';

const peoplePerTransaction = 100;
const leaseMs = 30_000;
const everyMs = 2_000;
/** A slice that read the older settings may still commit this long after they changed. */
const stragglersMs = 2 * transactionLimitMs;
const stragglerLookMs = 20_000;

/** Walks people after the fold settings changed, until nobody concerned has an older version (D1). */
@Injectable()
export class RefoldsService {
  /** Settings up to which this process found nobody left, so that idle looks cost one read. */
  private settled = 0;
  private isUpgraded = false;
  private watched = { concerns: 0, since: 0, lookAt: 0 };

  constructor(
    private readonly databases: Databases,
    private readonly settings: FoldSettingsRepository,
    private readonly reads: PeopleReadsRepository,
    private readonly changes: CommandChanges,
    private readonly leases: Leases,
  ) {}

  private isTimeToLook(concerns: number): boolean {
    return this.watched.concerns !== concerns || performance.now() >= this.watched.lookAt;
  }

  /** Looks again now and then, until no transaction that read the older settings can still be under way (D1). */
  private noneLeft(concerns: number): void {
    const now = performance.now();
    const since = this.watched.concerns === concerns ? this.watched.since : now;
    this.watched = { concerns, since, lookAt: now + stragglerLookMs };
    if (now - since > stragglersMs) this.settled = concerns;
  }

  @EveryInterval('refold', everyMs)
  async step(): Promise<boolean> {
    if (!this.isUpgraded) await this.settings.addKeyKinds();
    this.isUpgraded = true;
    const { concerns } = await this.settings.get();
    if (concerns <= this.settled || !this.isTimeToLook(concerns) || !(await this.leases.take('refold', leaseMs)))
      return false;
    const people = await this.reads.peopleOlderThan(concerns, peoplePerTransaction);
    if (people.length === 0) {
      this.noneLeft(concerns);
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
