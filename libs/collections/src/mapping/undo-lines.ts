import { type UndoConflict, undoConflictSchema } from '@rollcall/contracts';

import { days, defineCollection } from '../define-collection.js';
import { date, recordPaths, text } from '../models/paths.js';

/** An account of which an undo left something as it is. */
export interface UndoLineDocument extends Omit<UndoConflict, 'id'> {
  /** `<run>/<account>`. */
  _id: string;
  run: string;
  at: Date;
}

export const undoLines = defineCollection<UndoLineDocument>({
  owner: 'mapping',
  name: 'undoLines',
  published: true,
  paths: { _id: text, ...recordPaths(undoConflictSchema), run: text, at: date },
  indexes: [{ key: { run: 1, _id: 1 } }, { key: { at: 1 }, options: { expireAfterSeconds: days(90) } }],
});
