/** The file suffix picks the project: unit (no I/O), matrix (misbehaving vendors, in one process), int (real engines), e2e (all services), containers (Docker itself), proof (kills, with engines of its own). */
const base = {
  testEnvironment: '<rootDir>/test/node-environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  resolver: '<rootDir>/test/source-resolver.cjs',
  moduleNameMapper: {
    '^@rollcall/connectors$': '<rootDir>/libs/connectors/index.ts',
    '^@rollcall/connectors/(.*)$': '<rootDir>/libs/connectors/$1.ts',
    '^@rollcall/testing/(.*)$': '<rootDir>/libs/testing/src/$1.ts',
    '^@rollcall/vendor-simulator$': '<rootDir>/apps/vendor-simulator/src/index.ts',
    '^@rollcall/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/\\.rollcall/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

const project = (/** @type {string} */ displayName, /** @type {string} */ suffix, extra = {}) => ({
  ...base,
  displayName,
  testMatch: [`<rootDir>/**/*.${suffix}.ts`],
  ...extra,
});
const engines = {
  globalSetup: '<rootDir>/test/engines.setup.mjs',
  globalTeardown: '<rootDir>/test/engines.teardown.mjs',
};

export default {
  // A process of hundreds of megabytes needs more than the half second that Jest gives it to end.
  workerIdleMemoryLimit: '300MB',
  // Ends what hangs. On a busy machine five seconds, Jest's own limit, are not enough for honest work.
  testTimeout: 60_000,
  projects: [
    project('unit', 'spec'),
    project('matrix', 'matrix-spec'),
    project('int', 'int-spec', engines),
    project('e2e', 'e2e-spec', engines),
    project('containers', 'container-spec'),
    project('proof', 'proof-spec'),
  ],
};
