import {
  type AccountDocument,
  accounts,
  changes,
  integrations,
  type MappingDocument,
  mappings,
  people,
  type PersonDocument,
} from '@rollcall/collections';
import { accountId, type Values } from '@rollcall/contracts';

import type { Installation } from '../e2e/installation.js';
import type { Faults } from './faults.js';

export interface StoredRecords {
  readonly accounts: ReadonlyMap<string, AccountDocument>;
  readonly people: ReadonlyMap<string, PersonDocument>;
}

/** Connector and priority of each integration, and what its newest mapping makes of a record. */
interface Source {
  readonly connector: string;
  readonly priority: number;
  readonly mapping: MappingDocument;
}

export async function storedRecords({ environment: { databases } }: Installation): Promise<StoredRecords> {
  const stored: { accounts: Map<string, AccountDocument>; people: Map<string, PersonDocument> } = {
    accounts: new Map(),
    people: new Map(),
  };
  for await (const account of databases.collection(accounts).find()) stored.accounts.set(account._id, account);
  for await (const person of databases.collection(people).find()) stored.people.set(person._id, person);
  return stored;
}

/** I1 and I2: every vendor's users are stored with exactly what the mapping says, and nobody else is active. */
export async function checkAccounts(installation: Installation, stored: StoredRecords, faults: Faults): Promise<void> {
  const sources = await sourcesOf(installation);
  for (const [integration, { connector, mapping }] of sources) {
    const present = new Set<string>();
    const raw = new Map(installation.simulator.control.rawAccounts(connector).map(({ id, record }) => [id, record]));
    for (const { id, active } of installation.simulator.control.company().vendors[connector]!.accounts) {
      const _id = accountId(integration, id);
      present.add(_id);
      const account = stored.accounts.get(_id);
      if (account === undefined) faults.add('I1', `${connector} user ${id} is not stored`);
      else {
        if (account.active !== active) faults.add(active ? 'I1' : 'I2', `${account._id} is ${wordOf(account.active)}`);
        const differs = differingField(account.values, raw.get(id)!, mapping);
        if (differs !== null) faults.add('I1', `${account._id} differs from its vendor in ${differs}`);
      }
    }
    for (const account of stored.accounts.values()) {
      if (account.integration !== integration || present.has(account._id)) continue;
      if (account.active) faults.add('I2', `${account._id} is active, but ${connector} does not have it`);
    }
  }
}

/** D2 and D3: each person is what their accounts make of them; a key belongs to one person. */
export async function checkPeople(installation: Installation, stored: StoredRecords, faults: Faults): Promise<void> {
  const sources = await sourcesOf(installation);
  const accountsOf = byPerson(stored);
  for (const id of accountsOf.keys()) if (!stored.people.has(id)) faults.add('D5', `person ${id} does not exist`);
  const keys = new Map<string, string>();
  for (const person of stored.people.values()) {
    const own = accountsOf.get(person._id) ?? [];
    if (person.active !== own.some(({ active }) => active))
      faults.add('D3', `${person._id} is ${wordOf(person.active)}`);
    const wrong = wrongValue(person, inOrder(own, sources));
    if (wrong !== null) faults.add('D2', `${person._id} has another ${wrong} than their accounts`);
    for (const key of person.keys ?? []) {
      if (keys.has(key)) faults.add('D4', `${key} belongs to ${keys.get(key)} and ${person._id}`);
      keys.set(key, person._id);
    }
  }
}

function byPerson(stored: StoredRecords): Map<string, AccountDocument[]> {
  const accountsOf = new Map<string, AccountDocument[]>();
  for (const account of stored.accounts.values()) {
    if (account.person === null) continue;
    const own = accountsOf.get(account.person);
    if (own === undefined) accountsOf.set(account.person, [account]);
    else own.push(account);
  }
  return accountsOf;
}

/** Changes of revisions above the first: there are as many as revisions, and the event check counts the same (I5). */
export async function laterRevisions({ environment: { databases } }: Installation): Promise<number> {
  return databases.collection(changes).countDocuments({ revision: { $gt: 1 } });
}

async function sourcesOf({ environment: { databases } }: Installation): Promise<Map<string, Source>> {
  const sources = new Map<string, Source>();
  for (const { _id, connector, priority } of await databases.collection(integrations).find().toArray()) {
    const mapping = await databases.collection(mappings).findOne({ integration: _id }, { sort: { version: -1 } });
    sources.set(_id, { connector, priority, mapping: mapping! });
  }
  return sources;
}

/** Entries that take a field or a constant as it is; others are the business of the mapping's own tests. */
function differingField(
  values: Values,
  record: Readonly<Record<string, unknown>>,
  mapping: MappingDocument,
): string | null {
  for (const { to, from } of mapping.definition.entries) {
    if (from.kind === 'constant' && values[to] !== from.value) return to;
    if (from.kind !== 'field' || from.transforms !== undefined) continue;
    const raw = record[from.path];
    if (String(raw ?? '') !== String(values[to] ?? '')) return to;
  }
  return null;
}

function inOrder(own: readonly AccountDocument[], sources: ReadonlyMap<string, Source>): AccountDocument[] {
  return [...own].sort(
    (a, b) =>
      Number(b.active) - Number(a.active) ||
      sources.get(a.integration)!.priority - sources.get(b.integration)!.priority ||
      (a.vendorId < b.vendorId ? -1 : 1),
  );
}

function wrongValue(person: PersonDocument, own: readonly AccountDocument[]): string | null {
  const fields = new Set(own.flatMap(({ values }) => Object.keys(values)));
  const refused = new Set(person.refused.map(({ field }) => field));
  for (const field of fields) {
    if (refused.has(field)) continue;
    const expected = own.map(({ values }) => values[field]).find((value) => value !== null && value !== undefined);
    if (expected !== undefined && person.values[field] !== expected) return field;
  }
  return null;
}

const wordOf = (active: boolean): string => (active ? 'active' : 'inactive');
