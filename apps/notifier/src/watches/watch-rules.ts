import type { WatchDocument } from '@rollcall/collections';
import { inboxDays } from '@rollcall/collections';
import {
  type CloudEvent,
  type DataOf,
  type integrationConfigured,
  type RunRecord,
  schedulePlanned,
} from '@rollcall/contracts';

import type { Finding } from '../notices/finding.js';

/** A run that has not completed after this long is overdue; it goes on (R52). */
export const runLimitMs = 24 * 60 * 60_000;

export interface Outcome {
  readonly watch: WatchDocument;
  readonly findings: readonly Finding[];
}
const quiet = (watch: WatchDocument): Outcome => ({ watch, findings: [] });

/** A watch of an integration that nothing is known of yet but its id. */
export function newWatch(integration: string, name: string): WatchDocument {
  return {
    _id: integration,
    name,
    state: 'active',
    version: 0,
    contacts: [],
    expectedAt: null,
    openRun: null,
    incident: null,
  };
}

/** Newest version wins. An integration that does not run expects no slot. */
export function onConfigured(watch: WatchDocument, data: DataOf<typeof integrationConfigured>): Outcome {
  if (data.version < watch.version) return quiet(watch);
  const { version, name, state, contacts } = data;
  return quiet({
    ...watch,
    version,
    name,
    state,
    contacts,
    expectedAt: state === 'active' ? watch.expectedAt : null,
  });
}

/**
 * True for what was said longer ago than events are known again, and says nothing of now: somebody may have kept it to say
 * it once more. A configuration is told apart by its version, a plan may be for a slot that is still to come.
 */
export function isForgotten({ type, time, data }: Pick<CloudEvent, 'type' | 'time' | 'data'>, now: Date): boolean {
  const age = now.getTime() - Date.parse(time);
  if (age < inboxDays * 24 * 60 * 60_000) return false;
  if (type !== schedulePlanned.type) return type.startsWith('run.');
  const { plannedAt } = data as Partial<DataOf<typeof schedulePlanned>>;
  return typeof plannedAt === 'string' && Date.parse(plannedAt) < now.getTime();
}

export function onSchedule(watch: WatchDocument, data: DataOf<typeof schedulePlanned>): Outcome {
  return quiet({ ...watch, expectedAt: data.plannedAt === null ? null : new Date(data.plannedAt) });
}

/**
 * What an event of a run means. Previews and single users are watched by whoever started them; contacts hear of full
 * runs only.
 * @param type type of the event, as in `run.started`
 */
export function onRun(watch: WatchDocument, type: string, run: RunRecord): Outcome {
  if (type === 'run.undone') return undone(watch, run);
  if (run.scope !== 'full') return quiet(watch);
  const seen = meetSlot(watch, run);
  switch (type) {
    case 'run.started':
      return quiet(openRun(seen, run));
    case 'run.failed':
      return trouble(closeRun(seen, run), 'run-failed', run);
    case 'run.held':
      return trouble(closeRun(seen, run), 'run-held', run);
    case 'run.completed':
      return recover(closeRun(seen, run), run);
    case 'run.cancelled':
    case 'run.skipped':
      return quiet(closeRun(seen, run));
    default:
      return quiet(seen);
  }
}

/** What the clock alone reveals: a run that is overdue, a slot that nobody took. */
export function onTime(watch: WatchDocument, now: Date, graceMs: number): Outcome {
  const late = judgeOpenRun(watch, now);
  const missed = judgeSlot(late.watch, now, graceMs);
  return { watch: missed.watch, findings: [...late.findings, ...missed.findings] };
}

/** A planned, started or skipped run of the slot, or of a later one, shows that the scheduler works. */
function meetSlot(watch: WatchDocument, run: RunRecord): WatchDocument {
  const isMet = watch.expectedAt !== null && run.kind === 'scheduled' && new Date(run.plannedAt) >= watch.expectedAt;
  return isMet ? { ...watch, expectedAt: null } : watch;
}

/** A run that lost its holder starts again under the same id: its day counts from the first start. */
function openRun(watch: WatchDocument, run: RunRecord): WatchDocument {
  if (watch.openRun?.id === run.id) return watch;
  const startedAt = new Date(run.startedAt ?? run.plannedAt);
  return { ...watch, openRun: { id: run.id, startedAt, overdueNoticed: false } };
}

function closeRun(watch: WatchDocument, run: RunRecord): WatchDocument {
  return watch.openRun?.id === run.id ? { ...watch, openRun: null } : watch;
}

/**
 * The same kind of end for the same reason is the same incident, until a run completes (I9, P47); of held runs, the same
 * plan is (E3).
 */
function trouble(watch: WatchDocument, kind: 'run-failed' | 'run-held', run: RunRecord): Outcome {
  const cause = `${kind}:${run.heldPlan ?? run.reason?.code ?? 'unknown'}`;
  if (watch.incident?.kind === cause) return quiet(watch);
  const incident = `${cause}/${run.id}`;
  return {
    watch: { ...watch, incident: { id: incident, kind: cause } },
    findings: [{ kind, incident, integration: watch._id, run }],
  };
}

function recover(watch: WatchDocument, run: RunRecord): Outcome {
  if (watch.incident === null) return quiet(watch);
  const incident = `${watch.incident.id}/recovered`;
  return {
    watch: { ...watch, incident: null },
    findings: [{ kind: 'run-recovered', incident, integration: watch._id, run }],
  };
}

/** Whatever else goes on: nobody is deactivated any more until a person says so. */
function undone(watch: WatchDocument, run: RunRecord): Outcome {
  const incident = `run-undone/${run.id}`;
  return { watch, findings: [{ kind: 'run-undone', incident, integration: watch._id, run }] };
}

function judgeOpenRun(watch: WatchDocument, now: Date): Outcome {
  const { openRun } = watch;
  if (openRun === null || openRun.overdueNoticed) return quiet(watch);
  if (now.getTime() - openRun.startedAt.getTime() < runLimitMs) return quiet(watch);
  const incident = `run-overdue/${openRun.id}`;
  return {
    watch: { ...watch, openRun: { ...openRun, overdueNoticed: true }, incident: { id: incident, kind: 'run-overdue' } },
    findings: [{ kind: 'run-overdue', incident, integration: watch._id, run: openRun }],
  };
}

function judgeSlot(watch: WatchDocument, now: Date, graceMs: number): Outcome {
  const { expectedAt } = watch;
  if (expectedAt === null || watch.state !== 'active') return quiet(watch);
  if (now.getTime() - expectedAt.getTime() < graceMs) return quiet(watch);
  const cause = 'run-not-started';
  if (watch.incident?.kind === cause) return quiet({ ...watch, expectedAt: null });
  const incident = `${cause}/${watch._id}/${expectedAt.toISOString()}`;
  return {
    watch: { ...watch, expectedAt: null, incident: { id: incident, kind: cause } },
    findings: [{ kind: cause, incident, integration: watch._id, run: null, expectedAt }],
  };
}
