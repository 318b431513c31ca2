import { Injectable } from '@nestjs/common';
import {
  Databases,
  inTransaction,
  isDuplicateKey,
  type WorkflowRunDocument,
  type WorkflowVersionDocument,
} from '@rollcall/collections';
import {
  type Cause,
  type Trigger,
  withoutEpoch,
  workflowRunCompleted,
  workflowRunFailed,
  workflowRunStarted,
  workflowRunWaiting,
} from '@rollcall/contracts';
import { type CommandContext, Outbox } from '@rollcall/messaging';

import { toRecord } from './workflow-run-record.js';
import { WorkflowRunsRepository } from './workflow-runs.repository.js';

export interface Start {
  readonly version: WorkflowVersionDocument;
  readonly event: string;
  readonly trigger: Trigger;
  readonly subject: string;
  readonly cause: Cause;
  /** ISO time of the change. */
  readonly time: string;
}

type Session = CommandContext['session'];

const eventOfState = {
  running: workflowRunStarted,
  waiting: workflowRunWaiting,
  completed: workflowRunCompleted,
  failed: workflowRunFailed,
} as const;
const nameOfState = { running: 'started', waiting: 'waiting', completed: 'completed', failed: 'failed' } as const;

/** The run is held by somebody else by now: whatever was about to be written is theirs to write. */
export class LeaseLost extends Error {}

/** Life of workflow runs: started once per event and workflow (C6, P18), moved on by whoever holds the lease. */
@Injectable()
export class WorkflowRunsService {
  private onStarted: () => void = () => undefined;

  constructor(
    private readonly runs: WorkflowRunsRepository,
    private readonly databases: Databases,
    private readonly outbox: Outbox,
  ) {}

  /** Calls `listener` whenever this process started a run, so that it need not wait for the next look. */
  whenStarted(listener: () => void): void {
    this.onStarted = listener;
  }

  /** False when this event, or the same change under another id, started this workflow before. */
  async start(start: Start): Promise<boolean> {
    const run = newRun(start, this.databases.time());
    const isNew = await this.insertOnce(run);
    if (isNew) this.onStarted();
    return isNew;
  }

  private async insertOnce(run: WorkflowRunDocument): Promise<boolean> {
    try {
      return await inTransaction(this.databases, async (session) => {
        // Asked first, because a duplicate key would abort the transaction.
        if (await this.runs.isKnown(run._id, session)) return false;
        if (await this.runs.isSaidAgain(run, session)) return false;
        await this.runs.insert(run, session);
        await this.announce(run, session);
        return true;
      });
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /**
   * Stores the next state of a held run, with whatever else must become true in the same moment. Publishes the ends,
   * and the first wait. @throws LeaseLost
   */
  async move(
    next: WorkflowRunDocument,
    holder: string,
    options: { readonly keepLease: boolean; readonly also?: (session: Session) => Promise<void> },
  ): Promise<WorkflowRunDocument> {
    const announced = isToBeAnnounced(next);
    const stored = next.state === 'waiting' ? { ...next, waitAnnounced: true } : next;
    await inTransaction(this.databases, async (session) => {
      await options.also?.(session);
      if (!(await this.runs.save(stored, holder, { keepLease: options.keepLease, session }))) throw new LeaseLost();
      if (announced) await this.announce(stored, session);
    });
    return stored;
  }

  /** Bytes of the event come from the stored run alone, so a repetition is the same event (C4). */
  private announce(run: WorkflowRunDocument, session: Session): Promise<void> {
    return this.outbox.event(session, eventOfState[run.state], {
      id: `${run._id}/${nameOfState[run.state]}`,
      key: run._id,
      subject: run._id,
      time: run.endedAt ?? (run.state === 'running' ? run.startedAt : this.databases.time().toISOString()),
      data: { workflowRun: toRecord(run) },
    });
  }
}

function isToBeAnnounced(run: WorkflowRunDocument): boolean {
  return run.endedAt !== null || (run.state === 'waiting' && run.waitAnnounced !== true);
}

function newRun({ version, event, trigger, subject, cause, time }: Start, now: Date): WorkflowRunDocument {
  const startedAt = now.toISOString();
  return {
    _id: `${event}~${version.workflow}`,
    workflow: version.workflow,
    workflowName: version.name,
    workflowVersion: version.version,
    event,
    trigger,
    subject,
    state: 'running',
    steps: version.definition.blocks.map(({ id, preset }) => ({
      id,
      preset,
      state: 'waiting',
      attempts: 0,
      dueAt: startedAt,
      message: null,
      endedAt: null,
    })),
    startedAt,
    endedAt: null,
    dueAt: now,
    lease: null,
    change: changeOf(event, trigger, subject, cause),
    ...takenBackBy(cause, trigger, time),
  };
}

/**
 * A change whatever it is called: a restored mapping applies the same message again, and says what follows under other ids.
 * The number at its end may be another one then.
 */
function changeOf(event: string, trigger: Trigger, subject: string, cause: Cause): string {
  const place = withoutEpoch(event).replace(/\/\d+$/, '');
  return [place, trigger, subject, JSON.stringify(cause)].join(' ');
}

/**
 * What can take the deactivation back, which destructive steps wait for (P12). An observation is the vendor's own word: there
 * is nothing to take back.
 */
function takenBackBy(
  cause: Cause,
  trigger: Trigger,
  time: string,
): Pick<WorkflowRunDocument, 'causedByRun' | 'causedByPlan' | 'undoableSince'> {
  const nothing = { causedByRun: null, causedByPlan: null, undoableSince: null };
  if (cause.kind === 'sweep') return { ...nothing, causedByRun: cause.run };
  if (!trigger.endsWith('.deactivated') || cause.kind === 'observation') return nothing;
  if (cause.kind === 'people-plan') return { ...nothing, causedByPlan: cause.plan };
  return { ...nothing, undoableSince: time };
}
