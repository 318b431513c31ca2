/**
 * Mutation test (`npm run mutation`): every mutant of the rules that decide on deactivations, and of those that decide who is
 * staged and whose an account is, must be found by the unit tests beside them. On demand, because it takes long.
 */
export default {
  mutate: [
    'apps/sync-runner/src/judging/guard.ts',
    'libs/deactivation-guard/src/amounts.ts',
    'libs/deactivation-guard/src/people-amounts.ts',
    'apps/sync-runner/src/sweeps/active-by-day.ts',
    'apps/mapping/src/accounts/apply-user.ts',
    'apps/mapping/src/accounts/identity.ts',
    'apps/mapping/src/mappings/convert-value.ts',
    'apps/mapping/src/people/key-owners.ts',
    'apps/mapping/src/people/keys.ts',
    'apps/mapping/src/people/match-person.ts',
    'apps/mapping/src/people/names.ts',
    'apps/mapping/src/plans/stage-lines.ts',
    'apps/mapping/src/slices/mapped-slice.ts',
    'apps/mapping/src/slices/slice-work.ts',
    'libs/connector-kit/src/never-date.ts',
    'libs/contracts/src/domain/text.ts',
  ],
  testRunner: 'command',
  commandRunner: {
    command:
      'node tools/jest.mjs --selectProjects unit --bail apps/sync-runner/src/judging/guard apps/sync-runner/src/sweeps libs/deactivation-guard apps/mapping/src/accounts apps/mapping/src/mappings/compile-mapping apps/mapping/src/people apps/mapping/src/plans apps/mapping/src/slices/record-slice libs/connector-kit/src/never-date libs/contracts/src/domain/text',
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
