import { type DueCause, dueCauseSchema, type PersonRecord, personRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { fits, listOf, number, optional, recordPaths, text } from '../models/paths.js';

/** `PersonRecord` with the counter that folding transactions compare (B13) and the keys (D4). */
export interface PersonDocument extends Omit<PersonRecord, 'id'> {
  _id: string;
  fold: number;
  /** Version of the fold settings the person was last folded with (D1); not published, it says nothing about them. */
  settingsVersion: number;
  /** Absent instead of empty: a unique index holds one empty list only. */
  keys?: string[];
  /** The fold says inactive and only a people plan may make it so: active until then. Absent for everybody else. */
  due?: PersonDue;
}

/** Why somebody stays active although the fold says inactive, and since when. */
export interface PersonDue {
  since: string;
  cause: DueCause;
  /** The people plan that has taken it up. Whoever is in one is not proposed by another. */
  plan?: string;
}

export const people = defineCollection<PersonDocument>({
  owner: 'mapping',
  name: 'people',
  published: true,
  paths: {
    _id: text,
    ...recordPaths(personRecordSchema),
    fold: number,
    settingsVersion: number,
    keys: listOf(text),
    due: optional.part({ since: text, cause: fits(dueCauseSchema), plan: optional.text }),
  },
  // Sparse, because people without keys have no such field. A partial index would not be used by look-ups of keys.
  indexes: [
    { key: { keys: 1 }, options: { unique: true, sparse: true } },
    // Holds those who were merged and nobody else.
    { key: { mergedInto: 1 }, options: { partialFilterExpression: { mergedInto: { $type: 'string' } } } },
    // Holds those who are due and nobody else.
    {
      key: { 'due.plan': 1, 'due.cause.kind': 1, 'due.since': 1 },
      options: { partialFilterExpression: { 'due.since': { $exists: true } } },
    },
  ],
});
