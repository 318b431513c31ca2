/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} title
 * @property {number} budgetSeconds
 * @property {string[]} command
 * @property {(line: string) => boolean} isWarning of a line of its output
 * @property {boolean} isAlone nothing else runs beside it
 */

/** A line of a compiler, linter or formatter that is a warning. npm's remarks about its own configuration are not. */
const TOOL_WARNING = /^(?!npm (warn|notice)).*\bwarn(ing)?s?\b/i;
const NO_WARNINGS = /\b(0 warnings|--max-warnings|no warnings)\b/i;

/** What Node and Jest say when a test passes by luck: leaks, deprecations, processes that do not end, skipped tests. */
const TEST_WARNINGS = [
  /^\(node:\d+\) /,
  /MaxListenersExceededWarning|DeprecationWarning|UnhandledPromiseRejection/,
  /A worker process has failed to exit|did not exit one second after|Force exiting Jest/,
  /● (Validation|Deprecation) Warning/,
  /jest-haste-map: (duplicate|Haste module naming collision)/,
  /^Tests:.*\b(skipped|todo)\b/,
  /^Test Suites:.*\bskipped\b/,
];

const isToolWarning = (/** @type {string} */ line) => TOOL_WARNING.test(line) && !NO_WARNINGS.test(line);
const isTestWarning = (/** @type {string} */ line) => TEST_WARNINGS.some((pattern) => pattern.test(line));

/** What only reads the sources, on one core: two at a time. */
const tool = (
  /** @type {string} */ name,
  /** @type {string} */ title,
  /** @type {number} */ budgetSeconds,
  /** @type {string[]} */ ...command
) => ({
  name,
  title,
  budgetSeconds,
  command,
  isWarning: isToolWarning,
  isAlone: false,
});
const alone = (/** @type {Part} */ part) => ({ ...part, isAlone: true });
/** By itself Jest leaves one core out. Tests on real engines wait for them more than they compute. */
/** @type {Record<string, string>} */
const workers = { int: '4', e2e: '1' };
const tests = (/** @type {string} */ name, /** @type {string} */ title, /** @type {number} */ budgetSeconds) => ({
  name,
  title,
  budgetSeconds,
  command: ['node', 'tools/jest.mjs', '--selectProjects', name, '--maxWorkers', workers[name] ?? '2'],
  isWarning: isTestWarning,
  isAlone: true,
});

/**
 * What "npm run check" runs, in order. Budgets are seconds on two cores and are the ones in test/README.md; a part that
 * takes twice its budget is ended, because it hangs.
 */
export const parts = [
  // Both write what the others read.
  alone(tool('build', 'Compile all packages', 60, 'npx', 'tsc', '-b')),
  alone(tool('nest', 'nest build of every app', 60, 'npx', 'nest', 'build', '--all')),
  // The longest first, so that both cores are done at the same time.
  tool('lint', 'Lint', 300, 'npx', 'eslint', '.', '--max-warnings', '0'),
  tool('types', 'Types of the tests', 60, 'npx', 'tsc', '-p', 'tsconfig.tests.json'),
  tool('new-connector', 'What new:connector makes is right at once', 240, 'node', 'tools/check-new-connector.mjs'),
  tool('tool-types', 'Types of the tools', 30, 'npx', 'tsc', '-p', 'tsconfig.tools.json'),
  tool('lint-rules', 'The house rules of the linter still bite', 10, 'node', 'tools/check-lint-rules.mjs'),
  tool('format', 'Prettier', 90, 'npx', 'prettier', '--check', '.', '--log-level', 'warn'),
  tool(
    'deps',
    'Cycles, orphans, unresolvable imports',
    15,
    'npx',
    'depcruise',
    '--config',
    '.dependency-cruiser.cjs',
    '--no-progress',
    'apps',
    'libs',
    'test',
  ),
  tool('dependencies', 'Each package names what it uses', 10, 'node', 'tools/check-dependencies.mjs'),
  tool('vendor-names', 'Vendors are named in their own folders only', 20, 'node', 'tools/check-vendor-names.mjs'),
  tool('rules', 'Rule ids lead to docs/, and users see none', 20, 'node', 'tools/check-rules.mjs'),
  tool('commits', 'Commit messages of this branch', 20, 'node', 'tools/check-commits.mjs'),
  tool('layout', 'Folders and file names', 20, 'node', 'tools/check-layout.mjs'),
  tool('generated', 'Generated files are current', 30, 'node', 'tools/generate.mjs', '--check'),
  tool('compose', 'docker-compose.yml', 20, 'node', 'tools/check-compose.mjs'),
  tool(
    'event-types',
    'Types generated from docs/asyncapi compile in three languages',
    60,
    'node',
    'tools/check-event-types.mjs',
  ),
  tests('unit', 'Unit tests', 240),
  tests('matrix', 'What vendors may answer, on every page and call', 180),
  tests('int', 'Tests on real Kafka and MongoDB', 1200),
  tests('e2e', 'Tests of all services together', 960),
  {
    ...tests('containers', 'The smallest test on container images, where Docker answers', 180),
    name: 'containers-smoke',
    command: ['node', 'tools/containers/smoke.mjs'],
  },
  { ...tests('proof', 'Everything is killed at random', 300), command: ['node', 'tools/proof.mjs', '--tier', 'T0'] },
];
