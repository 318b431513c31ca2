import { Inject, Injectable } from '@nestjs/common';
import type { IntegrationDocument } from '@rollcall/collections';
import { schedulePlanned } from '@rollcall/contracts';
import { Outbox, OutboxRelay } from '@rollcall/messaging';

import { RunsService } from '../runs/runs.service.js';
import { nextSlot } from '../slots/next-slot.js';
import { SchedulesRepository } from './schedules.repository.js';

const slotsPerTick = 50;

/** Turns due slots into runs. Every replica does this; the compare-and-set on the slot decides (architecture 10). */
@Injectable()
export class SchedulesService {
  constructor(
    @Inject(SchedulesRepository) private readonly schedules: SchedulesRepository,
    @Inject(RunsService) private readonly runs: RunsService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
  ) {}

  /** Claims every slot that is due. True if one was claimed here. */
  async claimDue(now: Date): Promise<boolean> {
    let claimed = 0;
    for (const due of await this.schedules.findDue(now, slotsPerTick)) {
      if (await this.claim(due, now)) claimed += 1;
    }
    if (claimed > 0) this.relay.wake();
    return claimed > 0;
  }

  /** Slots missed while nobody ran become one run: the next slot lies after now, not after the missed one. */
  private async claim(due: IntegrationDocument, now: Date): Promise<boolean> {
    const plannedAt = due.nextSlotAt!.toISOString();
    const next = nextSlot(due.schedule, now);
    return this.schedules.inTransaction(async (session) => {
      const integration = await this.schedules.claim(session, due, next);
      if (integration === null) return false;
      const planned = { id: `${due._id}.${plannedAt}`, kind: 'scheduled' as const, plannedAt, requestedBy: null };
      const run = await this.runs.plan(session, integration, planned);
      if (run === null) await this.runs.skip(session, integration, planned);
      await this.outbox.event(session, schedulePlanned, {
        id: `${due._id}/${integration.version}/slot/${next.toISOString()}`,
        key: due._id,
        subject: due._id,
        time: now.toISOString(),
        data: { integration: due._id, plannedAt: next.toISOString() },
      });
      return true;
    });
  }
}
