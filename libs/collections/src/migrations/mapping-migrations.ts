import type { Document } from 'mongodb';

import { countAccounts } from '../mapping/account-counts.js';
import type { AccountDocument } from '../mapping/accounts.js';
import { type Migration, type MigrationStep, missingFields } from './migration.js';
import { completedReport, withOlderReport } from './run-reports.js';

/** The change that made a record what it is. */
const lastChangeOf = (collection: 'accounts' | 'people'): MigrationStep => ({
  collection,
  where: { revision: { $gt: 1 }, changed: { $exists: false } },
  beside: {
    collection: 'changes',
    names: 'record',
    where: (records) => ({
      $or: records.map(({ _id, revision }) => ({ record: _id as string, revision: revision as number })),
    }),
  },
  set: (_, [change] = []) =>
    change === undefined ? {} : { changed: { time: change['time'], cause: change['cause'] } },
});

const accountCounts: MigrationStep = {
  collection: 'people',
  where: { activeAccounts: { $exists: false } },
  beside: {
    collection: 'accounts',
    names: 'person',
    where: (people) => ({ person: { $in: people.map(({ _id }) => _id as unknown) } }),
  },
  set: (_, accounts = []) => withoutAbsent(countAccounts(accounts as AccountDocument[])),
};

const withoutAbsent = (fields: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

export const mappingMigrations: readonly Migration[] = [
  {
    what: 'readings, what they saw, and planned deactivations get the fields that earlier releases did not have',
    steps: [
      missingFields('seen', { passedOver: 0 }),
      missingFields('planLines', { approved: false }),
      missingFields('readings', { 'pinned.appliedPlan': null }, { pinned: { $type: 'object' } }),
      {
        collection: 'readings',
        where: withOlderReport('mapped'),
        set: ({ mapped }) => ({ mapped: completedReport(mapped as Document) }),
      },
    ],
  },
  {
    what: 'everybody is folded again, so that accounts say which keys of theirs somebody else holds',
    steps: [
      // Once more does no harm: they are folded once more.
      {
        collection: 'settings',
        where: { concerns: { $exists: true } },
        set: ({ version }) => ({ version: (version as number) + 1, concerns: (version as number) + 1 }),
      },
    ],
  },
  {
    what: 'accounts and people get what lists of a million of them are read by',
    steps: [
      lastChangeOf('accounts'),
      lastChangeOf('people'),
      accountCounts,
      // Its successor gives an order too.
      { collection: 'accounts', dropIndex: { person: 1 } },
    ],
  },
];
