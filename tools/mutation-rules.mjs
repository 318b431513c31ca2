/**
 * The rules under mutation test: those that decide on deactivations, on who is staged, whose an account is, what values
 * people get, and what an undo takes back. Each file without its ending, with the specs that must notice its mutants:
 * those beside it, unless others are named.
 */
const besides = [
  'apps/sync-runner/src/deactivation-guard/confirm-lines',
  'apps/sync-runner/src/deactivation-guard/earlier-absences',
  'apps/sync-runner/src/deactivation-guard/guard',
  'libs/deactivation-guard/src/amounts',
  'libs/deactivation-guard/src/another-person',
  'libs/deactivation-guard/src/people-amounts',
  'apps/sync-runner/src/sweeps/active-by-day',
  'apps/mapping/src/accounts/apply-user',
  'apps/mapping/src/accounts/identity',
  'apps/mapping/src/people/activity',
  'apps/mapping/src/people/assign-keys',
  'apps/mapping/src/people/fold-person',
  'apps/mapping/src/people/key-owners',
  'apps/mapping/src/people/keys',
  'apps/mapping/src/people/match-person',
  'apps/mapping/src/people/names',
  'apps/mapping/src/plans/protection',
  'apps/mapping/src/plans/stage-lines',
  'apps/mapping/src/slices/slice-work',
  'apps/mapping/src/undo/record-history',
  'apps/mapping/src/undo/restore-account',
  'apps/mapping/src/undo/restore-person',
  'apps/mapping/src/undo/undo-effects',
  'apps/mapping/src/undo/undo-lines',
  'apps/mapping/src/undo/undo-tally',
  'libs/connector-kit/src/never-date',
  'libs/contracts/src/domain/text',
  'libs/contracts/src/domain/undo',
];

/**
 * File → specs.
 * @type {Map<string, string[]>}
 */
export const rules = new Map([
  ...besides.map((file) => /** @type {[string, string[]]} */ ([`${file}.ts`, [`${file}.spec.ts`]])),
  ['apps/mapping/src/fields/convert-value.ts', ['apps/mapping/src/mappings/compile-mapping.spec.ts']],
  [
    'apps/mapping/src/slices/mapped-slice.ts',
    ['apps/mapping/src/slices/mapped-slice.spec.ts', 'apps/mapping/src/slices/record-slice.planner.spec.ts'],
  ],
]);
