import type { AccountDocument, ChangeDocument, ErasedAccountName, PersonDocument } from '@rollcall/collections';
import { vendorPartOf } from '@rollcall/collections';
import type { AccountRecord, PersonRecord } from '@rollcall/contracts';

/** Fields whose old values say nothing of anybody: what kind of change it was stays visible. */
const harmless: ReadonlySet<string> = new Set([
  'active',
  'administrator',
  'app',
  'content',
  'deactivated',
  'erasedAt',
  'mergedInto',
  'passive',
  'person',
  'protected',
  'retired',
  'sourceStatus',
  'undone',
]);

/** A record of an account without anything of its person, under its new name. */
export function anonymisedAccount<Record extends Omit<AccountRecord, 'id'>>(
  account: Record,
  name: ErasedAccountName,
  erasedAt?: string,
): Record {
  return {
    ...account,
    vendorId: vendorPartOf(name),
    username: null,
    role: null,
    lastActivityAt: null,
    hold: null,
    values: {},
    error: null,
    ...(erasedAt !== undefined && { erasedAt }),
  };
}

/** A record of a person without anything of them. */
export function anonymisedPerson<Record extends Omit<PersonRecord, 'id'>>(person: Record, erasedAt?: string): Record {
  return {
    ...person,
    values: {},
    provenance: {},
    overrides: {},
    hold: null,
    refused: [],
    ...(erasedAt !== undefined && { erasedAt }),
  };
}

/** The stored account from now on: nothing that a run compares is left. */
export function erasedAccount(account: AccountDocument, name: ErasedAccountName, erasedAt: string): AccountDocument {
  const { dormant: _dormant, otherKeys: _otherKeys, ...rest } = account;
  const after = anonymisedAccount(rest, name, erasedAt);
  const gone = { app: null, active: false, protected: false, hash: null, neverUsed: undefined };
  return { ...after, ...gone, _id: name.to, revision: account.revision + 1 };
}

/** No version of the settings is newer, so that no refold looks at them again. */
const neverFolded = Number.MAX_SAFE_INTEGER;

export function erasedPerson(person: PersonDocument, erasedAt: string): PersonDocument {
  const { keys: _keys, due: _due, activeAccounts: _active, inactiveAt: _at, lastActivityAt: _last, ...rest } = person;
  return {
    ...anonymisedPerson(rest, erasedAt),
    revision: person.revision + 1,
    fold: person.fold + 1,
    active: false,
    protected: false,
    settingsVersion: neverFolded,
  };
}

/** Old values by path, of which the paths are left. */
export function anonymisedChanges(changed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changed).map(([path, old]) => [path, harmless.has(path) ? old : null]));
}

/** A change as it stays: which fields changed, when and why. */
export function anonymisedChange(
  change: ChangeDocument,
  names: ReadonlyMap<string, ErasedAccountName>,
): Pick<ChangeDocument, 'record' | 'after' | 'changed'> {
  const changed = anonymisedChanges(change.changed);
  if (change.kind === 'person') {
    return { record: change.record, changed, after: anonymisedPerson(change.after as PersonRecord) };
  }
  const name = names.get(change.record);
  if (name === undefined) return { record: change.record, changed, after: change.after };
  const after = { ...anonymisedAccount(change.after as AccountRecord, name), id: name.to };
  return { record: name.to, changed, after };
}
