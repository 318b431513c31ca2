/**
 * Mutation test of the guard (`npm run mutation`): every mutant of the rules that decide on deactivations must be found by
 * the unit tests beside them. On demand, because it takes minutes.
 */
export default {
  mutate: [
    'apps/sync-runner/src/judging/guard.ts',
    'libs/deactivation-guard/src/amounts.ts',
    'libs/deactivation-guard/src/people-amounts.ts',
    'apps/sync-runner/src/sweeps/active-by-day.ts',
  ],
  testRunner: 'command',
  commandRunner: {
    command:
      'node tools/jest.mjs --selectProjects unit --bail apps/sync-runner/src/judging/guard apps/sync-runner/src/sweeps libs/deactivation-guard',
  },
  // Words to people are no rule, and tests do not repeat them.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignorePatterns: ['.rollcall', 'dist', 'coverage', 'docs'],
  tempDirName: '.rollcall/mutation',
  symlinkNodeModules: true,
  concurrency: 2,
  timeoutMS: 60_000,
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  thresholds: { high: 100, low: 95, break: 95 },
};
