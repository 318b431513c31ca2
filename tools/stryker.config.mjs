import { rules } from './mutation-rules.mjs';

/**
 * Every mutant of the rules must be found by their unit tests. `npm run mutation` takes them file by file; on demand,
 * because it takes long.
 */
export default {
  mutate: [...rules.keys()],
  testRunner: 'command',
  commandRunner: {
    command: `node tools/jest.mjs --selectProjects unit --bail ${
      process.env.MUTATION_SPECS ?? [...new Set([...rules.values()].flat())].join(' ')
    }`,
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
