import { isEnded, type RunState } from '@rollcall/contracts';

/** Legal transitions (A1). `planned` and `skipped` are what a run begins as. */
export const transitions: Readonly<Record<RunState, readonly RunState[]>> = {
  planned: ['reading', 'failed', 'cancelled'],
  reading: ['judging', 'failed', 'cancelled'],
  // Back to reading: nothing of what was read came back from mapping.
  judging: ['reading', 'sweeping', 'completed', 'completed-with-errors', 'held', 'failed', 'cancelled'],
  // The verdict stands and mapping may be executing it: nothing else can become of the run (A12).
  sweeping: ['completed', 'completed-with-errors'],
  completed: [],
  'completed-with-errors': [],
  held: [],
  failed: [],
  cancelled: [],
  skipped: [],
};

export const openStates: readonly RunState[] = ['planned', 'reading', 'judging', 'sweeping'];

export function mayBecome(from: RunState, to: RunState): boolean {
  return transitions[from].includes(to);
}

/** @throws Error for a transition that is not in the table, which is a defect */
export function requireTransition(from: RunState, to: RunState): void {
  if (!mayBecome(from, to)) throw new Error(`a run cannot go from ${from} to ${to}`);
}

/** A completed run, with or without errors of single users: what it read counts as known (A13). */
export function isCompleted(state: RunState): boolean {
  return state === 'completed' || state === 'completed-with-errors';
}

export { isEnded };
