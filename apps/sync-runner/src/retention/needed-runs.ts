import type { RunDocument } from '@rollcall/collections';
import { isEnded } from '@rollcall/contracts';

export interface Referred {
  /** Runs that open held plans name. */
  readonly named: ReadonlySet<string>;
  /** The newest runs of their integrations. */
  readonly newest: ReadonlySet<string>;
}

/** Whether something still rests on a run, however old it is. */
export function isStillNeeded(
  run: Pick<RunDocument, '_id' | 'state' | 'undo' | 'undone'>,
  { named, newest }: Referred,
): boolean {
  if (!isEnded(run.state) || named.has(run._id) || newest.has(run._id)) return true;
  return run.undo !== null && run.undo !== undefined && (run.undone?.doneAt ?? null) === null;
}
