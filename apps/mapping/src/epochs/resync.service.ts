import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type AccountDocument, accounts, Databases, people, type RecordEpochDocument } from '@rollcall/collections';
import { Leases, type OutgoingMessage, Publisher } from '@rollcall/messaging';
import { HealthRegistry, type Logger } from '@rollcall/observability';
import { Drains, LOGGER } from '@rollcall/service';

import { PositionsRepository } from '../positions/positions.repository.js';
import { RecordEpochsRepository } from './record-epochs.repository.js';
import { borderMessages, restatedAccount, restatedPerson } from './restatements.js';

const idleMs = 1_000;
const leaseMs = 60_000;
const recordsAtOnce = 500;
/** Records are said again although a partition is not read that far: whoever reads it is away. */
const catchUpLimitMs = 10 * 60_000;
/** A command that began in the epoch before is done by then, and what it changed is said again as well. */
const settleMs = 2_000;

type Resyncing = RecordEpochDocument & { resync: NonNullable<RecordEpochDocument['resync']> };

/** Says every record again after another epoch began, in steps that a crash repeats (ADR 0021). */
@Injectable()
export class ResyncService implements OnModuleInit {
  private state = 'all records are said';

  constructor(
    private readonly databases: Databases,
    private readonly epochs: RecordEpochsRepository,
    private readonly positions: PositionsRepository,
    private readonly publisher: Publisher,
    private readonly leases: Leases,
    private readonly health: HealthRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.health.add('records', () => ({ ok: true, detail: this.state }));
  }

  @Drains({ name: 'resync of records', idleMs })
  async step(): Promise<boolean> {
    const stored = await this.epochs.find();
    if (!stored || !isResyncing(stored)) {
      this.state = 'all records are said';
      return false;
    }
    this.state = `said again since ${stored.since.toISOString()} (${stored.resync.reason}), at step ${stored.resync.step}`;
    if (!(await this.leases.take('resync', leaseMs))) return false;
    return this.take(stored);
  }

  /** True when there is more to do at once. */
  private async take(stored: Resyncing): Promise<boolean> {
    const { epoch, resync } = stored;
    switch (resync.step) {
      case 'begin':
        await this.publisher.publish(borderMessages('started', stored));
        await this.epochs.proceed(epoch, { step: 'catch-up' });
        return true;
      case 'catch-up':
        if (!(await this.isCaughtUp(stored))) return false;
        await this.epochs.proceed(epoch, { step: 'accounts', after: null });
        return true;
      case 'accounts':
        return this.say(stored, await this.accountsAfter(stored), 'people', (one) => restatedAccount(one, stored));
      case 'people':
        return this.say(stored, await this.peopleAfter(stored), 'end', (one) => restatedPerson(one, stored));
      case 'end':
        await this.publisher.publish(borderMessages('ended', stored));
        await this.epochs.proceed(epoch, null);
        this.logger.info(`all records were said again in epoch ${epoch}`);
        return true;
    }
  }

  private async say<Document extends { readonly _id: string }>(
    { epoch }: Resyncing,
    found: readonly Document[],
    next: Resyncing['resync']['step'],
    messageOf: (document: Document) => OutgoingMessage | null,
  ): Promise<boolean> {
    await this.publisher.publish(found.map(messageOf).filter((message) => message !== null));
    const last = found.at(-1);
    await this.epochs.proceed(epoch, last === undefined ? { step: next, after: null } : { after: last._id });
    return true;
  }

  /**
   * What raw-records still holds is applied first. Otherwise a record that comes back by it would have to be forgotten for a
   * moment, and somebody would take it for gone.
   */
  private async isCaughtUp({ since, resync }: Resyncing): Promise<boolean> {
    const waitedMs = (await this.databases.now()).getTime() - since.getTime();
    if (waitedMs < settleMs) return false;
    if (waitedMs > catchUpLimitMs) return true;
    const stored = new Map((await this.positions.all()).map((position) => [position._id, position]));
    return resync.readTo.every(({ partition, offset }) => {
      const position = stored.get(partition);
      return position !== undefined && (position.refused !== null || position.offset >= offset - 1);
    });
  }

  private accountsAfter({ resync }: Resyncing): Promise<AccountDocument[]> {
    return this.databases.collection(accounts).find(after(resync)).sort({ _id: 1 }).limit(recordsAtOnce).toArray();
  }

  private peopleAfter({ resync }: Resyncing) {
    return this.databases.collection(people).find(after(resync)).sort({ _id: 1 }).limit(recordsAtOnce).toArray();
  }
}

function after({ after: last }: Resyncing['resync']): { _id?: { $gt: string } } {
  return last === null ? {} : { _id: { $gt: last } };
}

function isResyncing(document: RecordEpochDocument): document is Resyncing {
  return document.resync !== null;
}
