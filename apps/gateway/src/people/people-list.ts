import {
  type FieldDocument,
  fieldIndex,
  type FilterField,
  PagingError,
  peopleListIndexes,
  trusted,
} from '@rollcall/collections';
import { builtInFields, type PeopleField } from '@rollcall/contracts';

import type { IndexedList } from '../lists/indexed-list.js';

const fields: IndexedList['fields'] = {
  id: { path: '_id', type: 'exact' },
  active: { path: 'active', type: 'boolean' },
  activeAccounts: { path: 'activeAccounts', type: 'number' },
  inactiveAt: { path: 'inactiveAt', type: 'exact', isList: true },
  lastActivityAt: { path: 'lastActivityAt', type: 'iso-time' },
  protected: { path: 'protected', type: 'boolean' },
  mergedInto: { path: 'mergedInto', type: 'exact' },
  createdAt: { path: 'created.time', type: 'iso-time' },
  createdByRun: { path: 'created.cause.run', type: 'exact' },
  createdByIntegration: { path: 'created.cause.integration', type: 'exact' },
  changedAt: { path: 'changed.time', type: 'iso-time' },
  changedBy: { path: 'changed.cause.actor', type: 'exact' },
  changedByRun: { path: 'changed.cause.run', type: 'exact' },
  deactivatedAt: { path: 'deactivated.time', type: 'iso-time' },
  deactivatedByRun: { path: 'deactivated.run', type: 'exact' },
  deactivatedByPlan: { path: 'deactivated.plan', type: 'exact' },
  erasedAt: { path: 'erasedAt', type: 'iso-time' },
};

/** Names by which people sign in, told apart like keys wherever they come from. */
const loginNames: ReadonlySet<string> = new Set(['email', 'username']);
const searched = ['display_name', 'first_name', 'last_name', 'username', 'email'];

const compared: Partial<Record<PeopleField['type'], FilterField['type']>> = {
  number: 'number',
  boolean: 'boolean',
  'date-time': 'written-time',
};

/**
 * The list of people with the people fields as they are defined. Values of runs are kept apart from people, so the database
 * cannot look for them.
 */
export function peopleList(
  defined: readonly FieldDocument[],
  tracked: ReadonlySet<string>,
  filter: string | undefined,
): IndexedList {
  const all = [...builtInFields, ...defined].filter(({ variable }) => !tracked.has(variable));
  const names = (field: RegExp) => filter !== undefined && field.test(filter);
  return {
    name: 'people',
    fields: { ...Object.fromEntries(all.map((field) => [field.variable, valueField(field)])), ...fields },
    more: (name) => {
      if (tracked.has(name)) throw new PagingError('invalid-filter', whyTracked(name, 'filtered'));
      return null;
    },
    indexes: [
      ...peopleListIndexes,
      ...defined.filter(({ filterable }) => filterable === true).map(({ variable }) => fieldIndex(variable)),
    ],
    always: [
      ...(names(/\bmergedInto\b/) ? [] : [{ mergedInto: { $eq: null } }]),
      ...(names(/\berasedAt\b/) ? [] : [{ erasedAt: trusted({ $exists: false }) }]),
    ],
  };
}

/** Attributes of people are compared by the type of their field. */
function valueField({ variable, type, unique }: PeopleField): FilterField {
  return { path: `values.${variable}`, type: compared[type] ?? 'text', isKey: loginNames.has(variable) || unique };
}

/** What `q` looks at: every name, or those that an index answers. */
export function searchedFields(list: IndexedList, onlyIndexed: boolean): FilterField[] {
  const indexed = new Set(list.indexes.map(({ paths }) => paths[0]));
  return searched.flatMap((name) => list.fields[name] ?? []).filter(({ path }) => !onlyIndexed || indexed.has(path));
}

/** @throws PagingError */
export function refuseTrackedSort(sort: string | undefined, names: ReadonlySet<string>): void {
  const name = sort?.replace(/^-/, '');
  if (name !== undefined && names.has(name)) throw new PagingError('invalid-sort', whyTracked(name, 'sorted'));
}

const whyTracked = (name: string, done: string): string =>
  `"${name}" holds a value of the run that saw a person last, which is kept apart from people, so this list cannot be ` +
  `${done} by it. Filter by createdByRun, or sort by another field.`;
