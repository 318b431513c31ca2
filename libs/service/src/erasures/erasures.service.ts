import { Inject, Injectable } from '@nestjs/common';
import {
  Databases,
  type ErasureDocument,
  erasures,
  inTransaction,
  messagingCollections,
  redactDocuments,
  Redaction,
} from '@rollcall/collections';
import { confirmErasure } from '@rollcall/contracts';
import { Leases, Outbox } from '@rollcall/messaging';

import { EveryInterval } from '../background/background-work.js';
import type { Infrastructure } from '../infrastructure.js';
import { INFRASTRUCTURE } from '../infrastructure.module.js';
import { PERSONAL_TRACES, type PersonalTraces } from './personal-traces.js';

const everyMs = 5_000;
const leaseMs = 30_000;

/**
 * Erases what this service holds of people whom mapping erased, and confirms it by a command that must arrive (F4).
 * mapping's collection says what is open, so that a service that was away finds it when it is back.
 */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly databases: Databases,
    private readonly leases: Leases,
    private readonly outbox: Outbox,
    @Inject(INFRASTRUCTURE) private readonly infrastructure: Infrastructure,
    @Inject(PERSONAL_TRACES) private readonly traces: PersonalTraces,
  ) {}

  @EveryInterval('erasures', everyMs)
  async step(): Promise<boolean> {
    const { service } = this.infrastructure;
    const open = await this.databases
      .model(erasures)
      .find({ state: 'open', waitsFor: service }, null, { sort: { at: 1 } })
      .lean();
    const erasure = await this.firstUnconfirmed(open);
    if (erasure === null || !(await this.leases.take('erasures', leaseMs))) return false;
    if ((await this.traces.isUpToDate?.(erasure)) === false) return false;
    const { subject } = erasure;
    if (subject) {
      await this.traces.erase(subject);
      const { commandResults, outbox } = messagingCollections(service);
      const redaction = new Redaction(subject);
      await redactDocuments(this.databases.collection(commandResults), {}, redaction);
      await redactDocuments(this.databases.collection(outbox), { kind: 'event' }, redaction);
    }
    await this.confirm(erasure);
    return true;
  }

  /** One whose confirmation is not on its way yet. */
  private async firstUnconfirmed(open: readonly ErasureDocument[]): Promise<ErasureDocument | null> {
    const outbox = this.databases.model(messagingCollections(this.infrastructure.service).outbox);
    for (const erasure of open) {
      const sent = await outbox.findOne({ _id: `${confirmErasure.type}/${this.keyOf(erasure)}` }, { _id: 1 }).lean();
      if (sent === null) return erasure;
    }
    return null;
  }

  private async confirm(erasure: ErasureDocument): Promise<void> {
    const { service } = this.infrastructure;
    await inTransaction(this.databases, (session) =>
      this.outbox.command(session, confirmErasure, {
        key: this.keyOf(erasure),
        aggregate: erasure._id,
        actor: service,
        correlationId: `erasure-${erasure._id}`,
        input: { person: erasure._id },
      }),
    );
  }

  /** A person is erased once, and again after a restore from before it. */
  private keyOf({ _id, at }: ErasureDocument): string {
    return `${_id}/${at.getTime()}/${this.infrastructure.service}`;
  }
}
