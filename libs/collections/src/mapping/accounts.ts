import { type AccountRecord, accountRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { listOf, number, optional, recordPaths, text } from '../models/paths.js';
import { definitionOf, type ListIndex } from '../paging/list-index.js';
import { type LastChange, lastChangePath } from './last-change.js';

/** `AccountRecord` with what is never published: hash (B8), time of the last observation (B10). */
export interface AccountDocument extends Omit<AccountRecord, 'id'> {
  _id: string;
  /** Null: the next run looks at it whatever it brings (B9). */
  hash: string | null;
  /** Epoch milliseconds, by the database's clock, of the page, answer or command that the record was last changed by. */
  observedAt: number;
  /** What that was. Runs follow each other by generation, so only what a command said is weighed by time. Absent: a run. */
  observedBy?: 'run' | 'command';
  /** The run that made the account anew after an undo had taken it back; not published. */
  madeAgainBy?: string;
  /**
   * It was matched while it was inactive, to somebody who had no active account: whose it is is asked again once it is active,
   * because the address may have been given to somebody else. Stays until that is settled. Not published.
   */
  dormant?: boolean;
  /**
   * Keys of its values that its person does not hold, because somebody else has them or another source is believed: whoever
   * comes with one may be either. Absent instead of empty. Not published.
   */
  otherKeys?: string[];
  changed?: LastChange;
  /** It is active, its vendor tells activity, and has told none of it. Absent for all others. */
  neverUsed?: true;
}

/** What lists of accounts are read by, beside their ids, which begin with the integration. */
export const accountListIndexes: readonly ListIndex[] = [
  { paths: ['person'] },
  { paths: ['app', 'active'] },
  { paths: ['lastActivityAt'], sparse: 'lastActivityAt' },
  { paths: ['neverUsed', 'app'], only: { neverUsed: true } },
  { paths: ['changed.time'], sparse: 'changed.time' },
  { paths: ['deactivated.time'], sparse: 'deactivated.time' },
  { paths: ['error.code'], sparse: 'error.code' },
];

export const accounts = defineCollection<AccountDocument>({
  owner: 'mapping',
  name: 'accounts',
  published: true,
  paths: {
    _id: text,
    ...recordPaths(accountRecordSchema),
    hash: optional.text,
    observedAt: number,
    observedBy: optional.oneOf('run', 'command'),
    madeAgainBy: optional.text,
    dormant: optional.flag,
    otherKeys: listOf(text),
    changed: lastChangePath,
    neverUsed: optional.flag,
  },
  indexes: [
    ...accountListIndexes.map(definitionOf),
    // Accounts that wait for a decision, by whom they may belong to: few, and looked for whenever somebody is matched.
    { key: { 'error.candidates': 1 }, options: { sparse: true } },
    { key: { otherKeys: 1 }, options: { sparse: true } },
  ],
});
