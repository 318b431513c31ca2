import { accountListIndexes } from '@rollcall/collections';
import type { Limit } from '@rollcall/contracts';

import { type IndexedList, isEqual } from './indexed-list.js';

/** Lists of accounts, however they are narrowed down. `content`, `person` and the like are words of the record. */
export const accountList: IndexedList = {
  name: 'accounts',
  fields: {
    id: { path: '_id', type: 'exact' },
    integration: { path: 'integration', type: 'exact', beginsId: true },
    connector: { path: 'connector', type: 'exact' },
    vendorId: { path: 'vendorId', type: 'exact' },
    app: { path: 'app', type: 'exact' },
    content: { path: 'content', type: 'exact' },
    person: { path: 'person', type: 'exact' },
    active: { path: 'active', type: 'boolean' },
    username: { path: 'username', type: 'text', isKey: true },
    email: { path: 'values.email', type: 'text', isKey: true },
    role: { path: 'role.value', type: 'text' },
    lastActivityAt: { path: 'lastActivityAt', type: 'iso-time' },
    neverUsed: { path: 'neverUsed', type: 'boolean' },
    administrator: { path: 'administrator', type: 'boolean' },
    protected: { path: 'protected', type: 'boolean' },
    waitsFor: { path: 'error.code', type: 'exact' },
    createdAt: { path: 'created.time', type: 'iso-time' },
    changedAt: { path: 'changed.time', type: 'iso-time' },
    changedBy: { path: 'changed.cause.actor', type: 'exact' },
    changedByRun: { path: 'changed.cause.run', type: 'exact' },
    deactivatedAt: { path: 'deactivated.time', type: 'iso-time' },
  },
  indexes: accountListIndexes,
  always: [{ retired: { $exists: false } }],
};

/** What somebody with a limit may see of all accounts. */
export function ofLimit(within: Limit | null) {
  if (within === null) return [];
  const parts = [
    ...within.integrations.map((id) => isEqual('integration', id, { beginsId: true })),
    ...within.apps.map((id) => isEqual('app', id)),
  ];
  return [parts.length === 0 ? isEqual('_id', '') : { kind: 'or' as const, parts }];
}

/** What `q` looks at. */
export const searchedOfAccounts = [accountList.fields['username']!, accountList.fields['email']!];
