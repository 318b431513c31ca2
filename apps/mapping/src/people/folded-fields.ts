import { type AccountDocument, countAccounts, type PersonDocument } from '@rollcall/collections';

import type { KeyAssignment } from './assign-keys.js';
import type { FoldResult } from './fold-person.js';
import type { PersonState } from './person-state.js';

/** What of a person follows from a fold, from their accounts, and from what people decided about them. */
export type FoldedFields = FoldResult &
  Pick<PersonDocument, 'keys' | 'refused' | 'hold' | 'protected' | 'overrides' | 'mergedInto'> &
  ReturnType<typeof countAccounts>;

export function foldedFields(
  { fold, keys, refused }: KeyAssignment,
  state: PersonState,
  accounts: Iterable<AccountDocument>,
): FoldedFields {
  return {
    ...fold,
    ...countAccounts(accounts),
    keys: keys.length > 0 ? keys : undefined,
    refused,
    hold: state.hold,
    protected: state.protected,
    overrides: state.overrides,
    mergedInto: state.mergedInto,
  };
}

export function newPerson(
  id: string,
  fields: FoldedFields,
  created: PersonDocument['created'],
  settingsVersion: number,
): PersonDocument {
  return {
    _id: id,
    revision: 1,
    active: fields.active,
    values: fields.values,
    provenance: fields.provenance,
    overrides: fields.overrides,
    hold: fields.hold,
    protected: fields.protected,
    refused: fields.refused,
    mergedInto: null,
    deactivated: null,
    created,
    fold: 1,
    settingsVersion,
    keys: fields.keys,
    activeAccounts: fields.activeAccounts,
    inactiveAt: fields.inactiveAt,
    lastActivityAt: fields.lastActivityAt,
  };
}
