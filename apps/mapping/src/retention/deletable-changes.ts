import type { ChangeDocument } from '@rollcall/collections';

export type AgedChange = Pick<ChangeDocument, '_id' | 'record' | 'revision' | 'time' | 'cause'>;

/**
 * Which changes may go, of changes in the order of their records and revisions. Of each record the oldest go first, without
 * a gap, and the newest stays: it is what the record is now. A change that a run made stays while the run is stored,
 * because the run may be undone, and with it whatever came after.
 * @param isStored whether a run is still stored
 */
export function deletableChanges(
  ordered: readonly AgedChange[],
  before: Date,
  isStored: (run: string) => boolean,
): string[] {
  const limit = before.toISOString();
  const deletable: string[] = [];
  let isHeld = false;
  for (const [index, change] of ordered.entries()) {
    if (ordered[index - 1]?.record !== change.record) isHeld = false;
    const isNewest = ordered[index + 1]?.record !== change.record;
    isHeld ||= change.time >= limit || isOfStoredRun(change, isStored);
    if (!isHeld && !isNewest) deletable.push(change._id);
  }
  return deletable;
}

function isOfStoredRun({ cause }: AgedChange, isStored: (run: string) => boolean): boolean {
  return (cause.kind === 'run' || cause.kind === 'sweep') && isStored(cause.run);
}

/** Runs that made any of these changes. */
export function runsOf(changes: readonly AgedChange[]): string[] {
  return [
    ...new Set(changes.flatMap(({ cause }) => (cause.kind === 'run' || cause.kind === 'sweep' ? [cause.run] : []))),
  ];
}
