import type { Document } from 'mongodb';

import { type Migration, missingFields } from './migration.js';
import { completedReport, withOlderReport } from './run-reports.js';

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
];
