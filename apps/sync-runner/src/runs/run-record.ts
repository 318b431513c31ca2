import type { IntegrationDocument, RunDocument } from '@rollcall/collections';
import {
  afterUndo,
  runCancelled,
  runCompleted,
  runFailed,
  runHeld,
  type RunKind,
  runPlanned,
  type RunRecord,
  runRecordSchema,
  type RunReportOf,
  type RunScope,
  runSkipped,
  runStarted,
  type RunState,
  type RunUndone,
  undoCountsSchema,
} from '@rollcall/contracts';

export interface PlannedRun {
  readonly id: string;
  readonly kind: RunKind;
  readonly plannedAt: string;
  readonly requestedBy: string | null;
  /** The held plan whose approval starts this run, and the run that staged its lines (E4). */
  readonly approves?: { readonly plan: string; readonly run: string };
  /** The one user that is read; absent: everybody (A8). */
  readonly subject?: { readonly vendorId: string; readonly username: string | null };
  /** It only says what a run would do (E6). */
  readonly isPreview?: boolean;
  /** The preview that it applies (E7). */
  readonly applies?: string;
}

/** A run as it begins. A skipped one has begun and ended at once. */
export function newRun(integration: IntegrationDocument, planned: PlannedRun, skippedAt: string | null): RunDocument {
  return {
    _id: planned.id,
    integration: integration._id,
    integrationName: integration.name,
    kind: planned.kind,
    scope: scopeOf(planned),
    state: skippedAt === null ? 'planned' : 'skipped',
    generation: 0,
    initial: !integration.hasCompletedRun,
    plannedAt: planned.plannedAt,
    startedAt: null,
    endedAt: skippedAt,
    reason:
      skippedAt === null
        ? null
        : {
            code: 'run-still-open',
            message:
              `This slot was skipped, because run ${integration.openRun} is still open. Nothing is lost: the next ` +
              'slot reads everything. Choose a longer interval if this happens often.',
          },
    counts: null,
    passedOver: null,
    progress: null,
    problems: [],
    drift: [],
    verdict: null,
    lostHolders: 0,
    parkedUntil: null,
    requestedBy: planned.requestedBy,
    subject: planned.subject === undefined ? null : { ...planned.subject, steps: [] },
    heldPlan: null,
    approves: planned.approves?.plan ?? null,
    applies: planned.applies ?? null,
    partition: integration.partition,
    pinned: null,
    lease: null,
    refetches: 0,
    endSent: false,
    evidence: null,
    reports: {},
    cancelRequested: false,
    scopeFingerprint: null,
    shape: null,
    approvedPlan: planned.approves?.run ?? null,
    undo: null,
    undone: null,
  };
}

function scopeOf({ subject, isPreview }: PlannedRun): RunScope {
  if (subject !== undefined) return 'none';
  return isPreview === true ? 'preview' : 'full';
}

/** What is published of a run. */
export function recordOf({ _id, ...run }: RunDocument): RunRecord {
  return runRecordSchema.parse({ id: _id, ...run });
}

/** What a run tells of its undo once mapping has carried it out. */
export function undoneOf(
  { undo, undone, integrationName }: RunDocument,
  report: RunReportOf<'undone'>,
  at: Date,
): RunUndone {
  const { requestedBy, requestedAt } = undo!;
  // Asked for by an earlier version, which told nothing of it.
  const unknown = { name: integrationName, isPaused: false, openRun: null, nextRunAt: null };
  const told = undone ?? { requestedBy, requestedAt, paused: false, afterwards: afterUndo(unknown) };
  return { ...told, doneAt: at.toISOString(), counts: undoCountsSchema.parse(report) };
}

const events: Readonly<Record<RunState, typeof runPlanned | null>> = {
  planned: runPlanned,
  reading: runStarted,
  judging: null,
  sweeping: null,
  completed: runCompleted,
  'completed-with-errors': runCompleted,
  held: runHeld,
  failed: runFailed,
  cancelled: runCancelled,
  skipped: runSkipped,
};

/** The event that says that a run is now in this state; null where nobody outside needs to know. */
export function eventOf(state: RunState): typeof runPlanned | null {
  return events[state];
}
