import type { ChangeDocument, RecordOf } from '@rollcall/collections';
import type { AccountRecord, Change, PersonRecord } from '@rollcall/contracts';

type Told = Omit<Change, 'fields' | 'why'>;

/** A change before somebody looked up what its cause names. */
export type ChangeWithoutWhy = Omit<Change, 'why'>;

/** A change as clients see it, with old and new values side by side. */
export function toldChange(change: Told | RecordOf<ChangeDocument>): ChangeWithoutWhy {
  const { after } = change;
  const fields = Object.entries(change.changed).map(([field, from]) => ({ field, from, to: valueAt(after, field) }));
  return { ...change, fields };
}

/** A record at its first revision has no change yet (C2): it tells of its creation itself. */
export function toldCreation(kind: 'account' | 'person', record: AccountRecord | PersonRecord): ChangeWithoutWhy {
  const { id, created } = record;
  const { cause, time } = created;
  const isSilent = kind === 'account' && (record as AccountRecord).content === 'user';
  const event = isSilent ? null : `${kind === 'account' ? 'saas-user' : 'person'}.created`;
  return toldChange({ id: null, kind, record: id, revision: 1, event, changed: {}, cause, time, after: record });
}

/** `values.title` is a field of the values; every other name stands for itself. */
export function valueAt(record: AccountRecord | PersonRecord, path: string): unknown {
  if (path.startsWith('values.')) return record.values[path.slice('values.'.length)] ?? null;
  return (record as unknown as Record<string, unknown>)[path] ?? null;
}
