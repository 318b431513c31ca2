import type { RunReport, UndoConflict, UndoCounts } from '@rollcall/contracts';

import { days, defineCollection } from './define-collection.js';

/** Where an undo goes on after a crash: which of its parts, and after which id. */
export interface UndoCursor {
  /** Accounts that the run made; then its changes; then accounts whose unique value was not free when they were undone. */
  part: 'creations' | 'changes' | 'keys';
  after: string;
}

/** An undo of a run, as far as it has come; written in each of its transactions (E5, B17). */
export interface UndoDocument {
  /** Id of the run that is undone. */
  _id: string;
  integration: string;
  cursor: UndoCursor;
  counts: UndoCounts;
  /** Null until it is done. */
  report: RunReport | null;
  at: Date;
}

/** An account of which an undo left something as it is. */
export interface UndoLineDocument extends Omit<UndoConflict, 'id'> {
  /** `<run>/<account>`. */
  _id: string;
  run: string;
  at: Date;
}

const owner = 'mapping' as const;
export const undos = defineCollection<UndoDocument>({ owner, name: 'undos', published: false });
export const undoLines = defineCollection<UndoLineDocument>({
  owner,
  name: 'undoLines',
  published: true,
  indexes: [{ key: { run: 1, _id: 1 } }, { key: { at: 1 }, options: { expireAfterSeconds: days(90) } }],
});
