import { Inject, Injectable } from '@nestjs/common';
import type { ClientSession, IntegrationDocument } from '@rollcall/collections';
import { AppError, schedulePlanned } from '@rollcall/contracts';
import { Outbox } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

import { RunsService } from '../runs/runs.service.js';
import { latestSlot, nextSlot } from '../slots/next-slot.js';
import { longestQuarantineMs } from '../slots/quarantine.js';
import { SchedulesRepository, type Seen } from './schedules.repository.js';

const slotsPerTick = 50;

/** Turns due slots into runs. Every replica does this; the compare-and-set on the slot decides (architecture 10). */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly schedules: SchedulesRepository,
    private readonly runs: RunsService,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Claims every slot that is due. True if one was claimed here. */
  async claimDue(): Promise<boolean> {
    let isAnyClaimed = false;
    for (const due of await this.schedules.findDue(slotsPerTick)) {
      isAnyClaimed =
        (await this.orElse(
          () => this.claim(due),
          (error) => this.postpone(due, error),
        )) || isAnyClaimed;
    }
    return isAnyClaimed;
  }

  /**
   * Moves slots that lie further away than their schedule allows to where they belong. A clock that was wrong for a
   * moment would otherwise leave them years ahead, and nobody would notice that an integration no longer runs.
   */
  async moveMisplaced(): Promise<void> {
    for (const seen of await this.schedules.findScheduled()) {
      // What cannot be read is postponed when it is due.
      await this.orElse(
        () => this.moveIfMisplaced(seen),
        () => Promise.resolve(false),
      );
    }
  }

  /** One integration whose schedule cannot be read any more must not keep the others from running. */
  private async orElse(work: () => Promise<boolean>, refused: (error: AppError) => Promise<boolean>): Promise<boolean> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError) return refused(error);
      throw error;
    }
  }

  private async postpone({ integration, now }: Seen, { code, message }: AppError): Promise<boolean> {
    this.logger.error(`integration ${integration._id} cannot be scheduled: ${message}`);
    const until = new Date(now.getTime() + longestQuarantineMs);
    await this.schedules.postpone(integration, until, {
      since: now.toISOString(),
      reason: { code, message },
      failures: Math.max(1, integration.failures),
      retryAt: until.toISOString(),
    });
    return false;
  }

  /** Slots missed while nobody ran become one run: the next slot lies after now, not after the missed one. */
  private async claim({ integration: due, now }: Seen): Promise<boolean> {
    const plannedAt = due.nextSlotAt!.toISOString();
    const next = nextSlot(due.schedule, now, due._id);
    return this.schedules.inTransaction(async (session) => {
      const integration = await this.schedules.claim(session, due, next);
      if (integration === null) return false;
      const planned = { id: `${due._id}.${plannedAt}`, kind: 'scheduled' as const, plannedAt, requestedBy: null };
      const run = await this.runs.plan(session, integration, planned);
      if (run === null) await this.runs.skip(session, integration, planned);
      await this.announce(session, due, next, now);
      return true;
    });
  }

  private async moveIfMisplaced({ integration, now }: Seen): Promise<boolean> {
    const latest = latestSlot(integration, now);
    if (integration.nextSlotAt!.getTime() <= latest.getTime()) return false;
    this.logger.warn(
      `the next run of integration ${integration._id} was planned for ${integration.nextSlotAt!.toISOString()}, later ` +
        `than its schedule says; it is planned for ${latest.toISOString()} again. Check the clocks of all machines.`,
    );
    return this.schedules.inTransaction(async (session) => {
      if ((await this.schedules.claim(session, integration, latest)) === null) return false;
      await this.announce(session, integration, latest, now);
      return true;
    });
  }

  private async announce(
    session: ClientSession,
    { _id, version }: IntegrationDocument,
    next: Date,
    now: Date,
  ): Promise<void> {
    await this.outbox.event(session, schedulePlanned, {
      id: `${_id}/${version}/slot/${next.toISOString()}/${now.getTime()}`,
      key: _id,
      subject: _id,
      time: now.toISOString(),
      data: { integration: _id, plannedAt: next.toISOString() },
    });
  }
}
