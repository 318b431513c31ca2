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
];
