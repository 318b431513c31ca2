import type { Document } from 'mongodb';

import { type Migration, type MigrationStep, missingFields } from './migration.js';
import { completedReport, withOlderReports } from './run-reports.js';

/** What held for an integration before there was a setting for it. */
const integrationFields = {
  installation: 'cloud',
  app: null,
  deactivationLimit: { percent: 5, atLeast: 5, atMost: 500, weeklyPercent: 20 },
  quarantine: null,
  shape: null,
  failures: 0,
  activeByDay: [],
  // Nobody is known who could be kept from approving what the change led to.
  edited: ({ createdAt }: Document) => ({ by: 'unknown', at: new Date(createdAt as string) }),
};

const runFields = {
  passedOver: null,
  progress: null,
  drift: [],
  parkedUntil: null,
  subject: null,
  heldPlan: null,
  approves: null,
  applies: null,
  shape: null,
  approvedPlan: null,
};

/** What was judged is what mapping reported of that generation. */
const judgedPlan = ({ reports, generation }: Document): unknown =>
  (reports as Document | undefined)?.[`${String(generation)}:mapped`]?.planHash ?? null;

const verdictFields = {
  'verdict.approved': 0,
  'verdict.samples': [],
  'verdict.returned': null,
  'verdict.planHash': judgedPlan,
};

const reports: MigrationStep = {
  collection: 'runs',
  where: withOlderReports('reports'),
  set: (run) => ({
    reports: Object.fromEntries(
      Object.entries(run['reports'] as Record<string, Document>).map(([name, one]) => [name, completedReport(one)]),
    ),
  }),
};

/** A command that nobody has answered yet is sent again as it stands, so it must be one that mapping takes. */
const registrations: MigrationStep = {
  collection: 'outbox',
  where: { 'command.type': 'mapping.register-integration', value: { $not: /"mappingOf":/ } },
  set: ({ value }) => ({ value: JSON.stringify({ ...JSON.parse(value as string), mappingOf: null }) }),
};

export const syncRunnerMigrations: readonly Migration[] = [
  {
    what: 'integrations, runs and their reports get the fields that earlier releases did not have',
    steps: [
      missingFields('integrations', integrationFields),
      missingFields('runs', runFields),
      missingFields('runs', verdictFields, { verdict: { $type: 'object' } }),
      missingFields('runs', { 'pinned.appliedPlan': null }, { pinned: { $type: 'object' } }),
      reports,
      registrations,
    ],
  },
];
