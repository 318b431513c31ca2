import type { IntentState } from '@rollcall/contracts';

/** Legal transitions. `attempting` leads to itself: a further attempt, after a read-back showed no effect (P15). */
export const transitions: Readonly<Record<IntentState, readonly IntentState[]>> = {
  planned: ['attempting', 'done', 'refused'],
  attempting: ['attempting', 'done', 'refused', 'unknown'],
  done: [],
  refused: [],
  unknown: [],
};

/** The states from which one may be reached; the condition of every write. */
export function statesBefore(next: IntentState): IntentState[] {
  return (Object.keys(transitions) as IntentState[]).filter((state) => transitions[state].includes(next));
}

/** Calls per intent. Each but the first only after a read-back that showed no effect. */
export const mostAttempts = 3;
