import { type AccountRecord, type Cause, causeSchema, type PersonRecord } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { anything, fits, number, oneOf, optional, text } from '../models/paths.js';

/** One revision of a person or account (C1). */
export interface ChangeDocument {
  /** `p07-<epoch>/000000000812/0003` or `c-<epoch>/<command>/0003`; without an epoch from before there were any. */
  _id: string;
  kind: 'account' | 'person';
  record: string;
  revision: number;
  /** Event type, or null for accounts of content "user", which have changes but no events (C5). */
  event: string | null;
  after: AccountRecord | PersonRecord;
  changed: Record<string, unknown>;
  cause: Cause;
  time: string;
}

export const changes = defineCollection<ChangeDocument>({
  owner: 'mapping',
  name: 'changes',
  published: true,
  paths: {
    _id: text,
    kind: oneOf('account', 'person'),
    record: text,
    revision: number,
    event: optional.text,
    after: anything,
    changed: anything,
    cause: fits(causeSchema),
    time: text,
  },
  indexes: [{ key: { record: 1, revision: 1 }, options: { unique: true } }, { key: { 'cause.run': 1, _id: 1 } }],
});
