import type { AccountDocument, UndoLineDocument } from '@rollcall/collections';
import type { UndoLeft } from '@rollcall/contracts';

import { undoLineId } from './undo.repository.js';

/** What an undo left of one account. */
export function lineOf(
  run: string,
  id: string,
  account: AccountDocument | undefined,
  left: readonly UndoLeft[],
  at: Date,
): UndoLineDocument {
  return {
    _id: undoLineId(run, id),
    run,
    account: id,
    name: account?.username ?? account?.vendorId ?? id,
    person: account?.person ?? null,
    state: stateOf(left),
    left: [...left],
    at,
  };
}

/** The line once a value is no longer taken; null when nothing else was left. */
export function withoutTakenKey(line: UndoLineDocument): UndoLineDocument | null {
  const left = line.left.filter(({ reason }) => reason !== 'key-taken');
  return left.length === 0 ? null : { ...line, left, state: stateOf(left) };
}

function stateOf(left: readonly UndoLeft[]): UndoLineDocument['state'] {
  return left.every(({ reason }) => reason === 'held' || reason === 'protected') ? 'skipped' : 'conflict';
}
