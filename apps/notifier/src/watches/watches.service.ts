import { Inject, Injectable } from '@nestjs/common';
import type { WatchDocument } from '@rollcall/collections';
import {
  type CloudEvent,
  type DataOf,
  type EventDefinition,
  integrationConfigured,
  integrationDeleted,
  runCancelled,
  runCompleted,
  runFailed,
  runHeld,
  runPlanned,
  runSkipped,
  runStarted,
  runUndone,
  schedulePlanned,
} from '@rollcall/contracts';
import { type CommandContext, Inbox } from '@rollcall/messaging';
import { CONFIG, EveryInterval } from '@rollcall/service';

import { CLOCK, type Clock } from '../clock/clock.js';
import type { NotifierConfig } from '../config.js';
import { NoticesService } from '../notices/notices.service.js';
import { Backlogs } from './backlogs.js';
import {
  isForgotten,
  newWatch,
  onConfigured,
  onRun,
  onSchedule,
  onTime,
  type Outcome,
  runLimitMs,
} from './watch-rules.js';
import { eventUnreadable } from './watches.errors.js';
import { WatchesRepository } from './watches.repository.js';

const lookEveryMs = 2_000;

type Session = CommandContext['session'];

const runEvents = [runPlanned, runStarted, runCompleted, runHeld, runFailed, runCancelled, runSkipped, runUndone];

/** Types of events that watches live on. */
export const watchedTypes: ReadonlySet<string> = new Set(
  [integrationConfigured, integrationDeleted, schedulePlanned, ...runEvents].map((definition) => definition.type),
);

/** Keeps one watch per integration and tells contacts what it shows (architecture 10). */
@Injectable()
export class WatchesService {
  constructor(
    @Inject(CONFIG) private readonly config: NotifierConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly watches: WatchesRepository,
    private readonly notices: NoticesService,
    private readonly inbox: Inbox,
    private readonly backlogs: Backlogs,
  ) {}

  /**
   * One event: watch, notices, mails and the mark that it was taken, in one transaction.
   * @throws WatchError event-unreadable
   */
  async take(event: CloudEvent): Promise<void> {
    if (isForgotten(event, this.clock.now())) return;
    if (event.type === integrationDeleted.type) return this.forget(event);
    const { integration, name, apply } = readEvent(event);
    await this.change(async (session) => {
      if (!(await this.inbox.takeOnce(session, event.id))) return null;
      return apply((await this.watches.find(session, integration)) ?? newWatch(integration, name));
    });
  }

  /**
   * Tells of everything whose time has come, without waiting for an event, so that a dead sync-runner is noticed too. May run
   * on several replicas at once: each watch is judged in a transaction.
   */
  @EveryInterval('watches', lookEveryMs)
  async judgeDue(): Promise<void> {
    const graceMs = this.config.RUN_START_GRACE_MS;
    const now = this.clock.now();
    const due = await this.watches.findDue(new Date(now.getTime() - graceMs), new Date(now.getTime() - runLimitMs));
    if (due.length === 0 || !(await this.backlogs.areRunsRead())) return;
    for (const integration of due) {
      await this.change(async (session) => {
        const watch = await this.watches.find(session, integration);
        return watch ? onTime(watch, now, graceMs) : null;
      });
    }
  }

  /** Name and contacts of an integration; itself and nobody where none is known, or no longer. */
  async contactsOf(session: Session, integration: string): Promise<Pick<WatchDocument, 'name' | 'contacts'>> {
    return (await this.watches.find(session, integration)) ?? newWatch(integration, integration);
  }

  /** Nobody expects anything of an integration that was taken away; what was told of it stays. */
  private async forget(event: CloudEvent): Promise<void> {
    const { integration } = parse(integrationDeleted, event);
    await this.watches.inTransaction(async (session) => {
      if (await this.inbox.takeOnce(session, event.id)) await this.watches.remove(session, integration);
    });
  }

  private async change(decide: (session: Session) => Promise<Outcome | null>): Promise<void> {
    const told = await this.watches.inTransaction(async (session) => {
      const outcome = await decide(session);
      if (!outcome) return false;
      await this.watches.save(session, outcome.watch);
      for (const finding of outcome.findings) await this.notices.notify(session, finding, outcome.watch);
      return outcome.findings.length > 0;
    });
    if (told) this.notices.wake();
  }
}

interface ReadEvent {
  readonly integration: string;
  /** For an integration that was configured before this topic begins. */
  readonly name: string;
  readonly apply: (watch: WatchDocument) => Outcome;
}

function readEvent(event: CloudEvent): ReadEvent {
  if (event.type === integrationConfigured.type) {
    const data = parse(integrationConfigured, event);
    return { integration: data.integration, name: data.name, apply: (watch) => onConfigured(watch, data) };
  }
  if (event.type === schedulePlanned.type) {
    const data = parse(schedulePlanned, event);
    return { integration: data.integration, name: data.integration, apply: (watch) => onSchedule(watch, data) };
  }
  const { run } = parse(runStarted, event);
  return { integration: run.integration, name: run.integrationName, apply: (watch) => onRun(watch, event.type, run) };
}

function parse<Definition extends EventDefinition>(definition: Definition, event: CloudEvent): DataOf<Definition> {
  const parsed = definition.data.safeParse(event.data);
  if (!parsed.success) throw eventUnreadable(event.type);
  return parsed.data as DataOf<Definition>;
}
