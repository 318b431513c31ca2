import { type RunReport, runReportSchema, type UndoCounts, undoCountsSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, fits, oneOf, part, text } from '../models/paths.js';

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

export const undos = defineCollection<UndoDocument>({
  owner: 'mapping',
  name: 'undos',
  published: false,
  paths: {
    _id: text,
    integration: text,
    cursor: part({ part: oneOf('creations', 'changes', 'keys'), after: text }),
    counts: fits(undoCountsSchema),
    report: fits(runReportSchema.nullable()),
    at: date,
  },
});
