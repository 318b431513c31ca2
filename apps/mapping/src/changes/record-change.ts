import { isDeepStrictEqual } from 'node:util';

import type { AccountDocument, ChangeDocument, PersonDocument } from '@rollcall/collections';
import {
  type AccountRecord,
  type Cause,
  changeId,
  type Created,
  epochOf,
  type EventDefinition,
  personCreated,
  personDeactivated,
  personErased,
  personMerged,
  personReactivated,
  type PersonRecord,
  personUpdated,
  saasUserCreated,
  saasUserDeactivated,
  saasUserReactivated,
  saasUserRemoved,
  saasUserUpdated,
} from '@rollcall/contracts';

/** An event with everything its bytes are made of. */
export interface RecordEvent {
  readonly definition: EventDefinition;
  /** Change id (C4). */
  readonly id: string;
  readonly key: string;
  readonly time: string;
  readonly data: { revision: number; epoch?: string; record: object; changed: Record<string, unknown>; cause: Cause };
}

/**
 * The account as it is published: without hash, time of observation, the run that made it anew, whether whose it is is asked
 * again, its other keys, its last change, and whether it was never used (C1).
 */
export function publishedAccount(document: AccountDocument): AccountRecord {
  const { _id, hash, observedAt, observedBy, madeAgainBy, dormant, otherKeys, changed, neverUsed, ...rest } = document;
  void hash;
  void observedAt;
  void observedBy;
  void madeAgainBy;
  void dormant;
  void otherKeys;
  void changed;
  void neverUsed;
  return { id: _id, ...rest };
}

/** The person as published: without fold counter, version of the settings, keys, mark of a people plan, and what only lists need (C1). */
export function publishedPerson(document: PersonDocument): PersonRecord {
  const { _id, fold, settingsVersion, keys, due, changed, activeAccounts, inactiveAt, lastActivityAt, ...rest } =
    document;
  void changed;
  void activeAccounts;
  void inactiveAt;
  void lastActivityAt;
  void fold;
  void settingsVersion;
  void keys;
  void due;
  return { id: _id, ...rest };
}

type PublishedRecord = AccountRecord | PersonRecord;

/** Fields that differ, with their old values. `values` is compared field by field, named `values.<field>`. */
export function changedFields(before: PublishedRecord, after: PublishedRecord): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const name of Object.keys(after) as (keyof PublishedRecord)[]) {
    if (name === 'revision') continue;
    if (name === 'values') Object.assign(changed, changedValues(before.values, after.values));
    // Most fields are the very same value: a look is cheaper than a comparison.
    else if (before[name] !== after[name] && !isDeepStrictEqual(before[name], after[name])) {
      changed[name] = before[name] ?? null;
    }
  }
  for (const mark of marks) if (mark in before && !(mark in after)) changed[mark] = (before as Marked)[mark];
  return changed;
}

/** Fields that a record loses again. */
const marks = ['retired', 'undone'] as const;
type Marked = Partial<Record<(typeof marks)[number], unknown>>;

function changedValues(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = before[field] ?? null;
    if (old !== (after[field] ?? null)) changed[`values.${field}`] = old;
  }
  return changed;
}

const definitions: readonly EventDefinition[] = [
  personErased,
  personMerged,
  personCreated,
  personUpdated,
  personDeactivated,
  personReactivated,
  saasUserCreated,
  saasUserUpdated,
  saasUserDeactivated,
  saasUserReactivated,
  saasUserRemoved,
];
const definitionsByType = new Map(definitions.map((definition) => [definition.type, definition]));

/** Type of the event for a step from `before` to `after`; null for accounts of content "user" (C5). */
function eventTypeOf(
  kind: 'account' | 'person',
  before: PublishedRecord | null,
  after: PublishedRecord,
): string | null {
  if (kind === 'account' && (after as AccountRecord).content === 'user') return null;
  const noun = kind === 'account' ? 'saas-user' : 'person';
  if (before === null) return `${noun}.created`;
  const turn =
    kind === 'account'
      ? comingOrGoing(before as AccountRecord, after as AccountRecord)
      : endOfPerson(before as PersonRecord, after as PersonRecord);
  if (turn) return turn;
  if (before.active === after.active) return `${noun}.updated`;
  return after.active ? `${noun}.reactivated` : `${noun}.deactivated`;
}

/** Who was told that an account is removed is told that it is there again. */
function comingOrGoing(before: AccountRecord, after: AccountRecord): string | null {
  if (isErasure(before, after)) return saasUserRemoved.type;
  if (isRetirement(before, after)) return saasUserRemoved.type;
  return isRetirement(after, before) ? saasUserCreated.type : null;
}

function isRetirement(before: AccountRecord, after: AccountRecord): boolean {
  return before.retired === undefined && after.retired !== undefined;
}

function endOfPerson(before: PersonRecord, after: PersonRecord): string | null {
  if (isErasure(before, after)) return personErased.type;
  return isMerge(before, after) ? personMerged.type : null;
}

function isErasure(before: PublishedRecord, after: PublishedRecord): boolean {
  return before.erasedAt === undefined && after.erasedAt !== undefined;
}

function isMerge(before: PersonRecord, after: PersonRecord): boolean {
  return before.mergedInto === null && after.mergedInto !== null;
}

/** The change document of one revision. */
export function changeOf(
  kind: 'account' | 'person',
  before: PublishedRecord | null,
  after: PublishedRecord,
  at: Created,
): ChangeDocument {
  return {
    _id: changeId(at.position, at.number),
    kind,
    record: after.id,
    revision: after.revision,
    event: eventTypeOf(kind, before, after),
    after,
    changed: before === null ? {} : changedFields(before, after),
    cause: at.cause,
    time: at.time,
  };
}

/** The event of a change, or null where it has none. */
export function eventOfChange(change: ChangeDocument): RecordEvent | null {
  if (change.event === null) return null;
  const { revision, after: record, changed, cause } = change;
  const epoch = epochOf(change._id);
  return {
    definition: definitionsByType.get(change.event)!,
    id: change._id,
    key: change.record,
    time: change.time,
    // The cause comes last: by that, workflow tells first loads without parsing.
    data: { revision, ...(epoch !== null && { epoch }), record, changed, cause },
  };
}

/** The event of a record that still stands at revision 1, rebuilt from the record itself (C2, C3). */
export function eventOfCreation(kind: 'account' | 'person', record: PublishedRecord): RecordEvent | null {
  return eventOfChange(changeOf(kind, null, record, record.created));
}
