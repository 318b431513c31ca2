import { type DueCause, dueCauseSchema, type PersonRecord, personRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { fits, listOf, number, optional, recordPaths, text } from '../models/paths.js';
import { definitionOf, type ListIndex } from '../paging/list-index.js';
import { type LastChange, lastChangePath } from './last-change.js';

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
  changed?: LastChange;
  /** Their active accounts, passive ones too. Absent in people whom nothing has folded since it is counted. */
  activeAccounts?: number;
  /** Integrations at which they have an account and none that is active. Absent: there is none. */
  inactiveAt?: string[];
  /** Of all their accounts. Absent: no vendor told one. */
  lastActivityAt?: string;
}

/** Why somebody stays active although the fold says inactive, and since when. */
export interface PersonDue {
  since: string;
  cause: DueCause;
  /** The people plan that has taken it up. Whoever is in one is not proposed by another. */
  plan?: string;
}

/** Fields that can be filtered and sorted by in every installation. Each costs something with every person who is written. */
export const alwaysIndexed = ['email', 'display_name', 'department', 'role'] as const;

/** The index of a people field. Those of further fields are made when somebody marks them. */
export const fieldIndex = (variable: string): ListIndex => ({ paths: [`values.${variable}`], isFolded: true });

const fieldIndexName = /^values\.([a-z][a-z0-9_]*)_1__id_1$/;

/** The people field that an index is of, by the name of the index; null for any other. */
export const indexedField = (name: string): string | null => fieldIndexName.exec(name)?.[1] ?? null;

/** What lists of people are read by, beside the indexes of marked fields. */
export const peopleListIndexes: readonly ListIndex[] = [
  ...alwaysIndexed.map(fieldIndex),
  { paths: ['created.time'] },
  { paths: ['changed.time'], sparse: 'changed.time' },
  { paths: ['lastActivityAt'], sparse: 'lastActivityAt' },
  { paths: ['deactivated.time'], sparse: 'deactivated.time' },
  { paths: ['deactivated.run'], sparse: 'deactivated.run' },
  { paths: ['mergedInto'], sparse: 'mergedInto' },
  { paths: ['erasedAt'], sparse: 'erasedAt' },
  // Holds those who left, by what they still have.
  { paths: ['activeAccounts'], only: { active: false } },
  { paths: ['inactiveAt', 'activeAccounts'], sparse: 'inactiveAt' },
];

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
    changed: lastChangePath,
    activeAccounts: optional.number,
    inactiveAt: listOf(text),
    lastActivityAt: optional.text,
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
    ...peopleListIndexes.map(definitionOf),
  ],
});
