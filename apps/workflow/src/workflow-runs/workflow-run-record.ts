import type { WorkflowRunDocument } from '@rollcall/collections';
import type { StepState, WorkflowRunRecord } from '@rollcall/contracts';

/** A run as events carry it: without lease and other inner matters. */
export function toRecord(run: WorkflowRunDocument): WorkflowRunRecord {
  const { _id: id, workflow, workflowName, workflowVersion, event, trigger, subject } = run;
  const { state, steps, startedAt, endedAt } = run;
  return { id, workflow, workflowName, workflowVersion, event, trigger, subject, state, steps, startedAt, endedAt };
}

/** A step in one of these is over and never touched again. */
const endStates: ReadonlySet<StepState> = new Set(['done', 'already-gone', 'refused', 'unknown', 'skipped']);
/** After one of these the following steps are not run: they were written for a world in which this one worked. */
const failures: ReadonlySet<StepState> = new Set(['refused', 'unknown']);

export function isStepEnded(state: StepState): boolean {
  return endStates.has(state);
}

export function isStepFailed(state: StepState): boolean {
  return failures.has(state);
}

/** Position of the step that is due, -1 when all are over. */
export function currentStep({ steps }: Pick<WorkflowRunDocument, 'steps'>): number {
  return steps.findIndex(({ state }) => !isStepEnded(state));
}

export type EndedState = Exclude<StepState, 'waiting' | 'running'>;

/** The run after a step ended: next step due, or run over, with what follows a failure skipped. */
export function afterStepEnded(
  run: WorkflowRunDocument,
  position: number,
  end: { readonly state: EndedState; readonly message: string | null; readonly attempts: number },
  now: Date,
): WorkflowRunDocument {
  const endedAt = now.toISOString();
  const failed = isStepFailed(end.state);
  const steps = run.steps.map((step, index) => {
    if (index === position) return { ...step, ...end, endedAt };
    if (index < position || !failed) return step;
    const message = 'Not run, because an earlier step did not succeed.';
    return { ...step, state: 'skipped' as const, message, endedAt };
  });
  const isOver = steps.every(({ state }) => isStepEnded(state));
  if (!isOver) return { ...run, steps, state: 'running', dueAt: now };
  const state = steps.some((step) => isStepFailed(step.state)) ? 'failed' : 'completed';
  return { ...run, steps, state, endedAt, dueAt: null };
}

/** The run while a step waits. `announce` = for a reason that people are told: undo window or budget. */
export function whileStepWaits(
  run: WorkflowRunDocument,
  position: number,
  wait: { readonly until: Date; readonly message: string; readonly attempts: number; readonly announce: boolean },
): WorkflowRunDocument {
  const steps = run.steps.map((step, index) =>
    index === position
      ? {
          ...step,
          state: 'waiting' as const,
          dueAt: wait.until.toISOString(),
          message: wait.message,
          attempts: wait.attempts,
        }
      : step,
  );
  return { ...run, steps, dueAt: wait.until, state: wait.announce ? 'waiting' : run.state };
}
