import boundaries from 'eslint-plugin-boundaries';

import { readPackages, root } from './packages.mjs';

/** Files that count as tests: by suffix, by folder, and the lib that only tests import. */
export const TEST_FILES = [
  '**/*.{spec,int-spec,e2e-spec,proof-spec,crash-points}.ts',
  'apps/*/test/**',
  'libs/*/test/**',
  'test/**',
];

/** Services that run connector code; everybody else who references the connectors sees their manifests only. */
const RUN_CONNECTORS = new Set(['sync-runner', 'workflow', 'testing']);

const VENDOR_FOLDERS = { element: { type: 'vendor' } };

const entryOf = (/** @type {string} */ importer, /** @type {string} */ imported) =>
  imported === 'connectors' && !RUN_CONNECTORS.has(importer)
    ? '@rollcall/connectors/manifests'
    : `@rollcall/${imported}{,/manifests}`;

/**
 * One policy per package: exactly the references of its tsconfig.json, each through its public entry.
 * @param {readonly import('./packages.mjs').Package[]} packages
 */
function packagePolicies(packages) {
  return packages.flatMap(({ kind, name, uses }) => {
    const own = { element: { type: kind, captured: { name } } };
    const from = name === 'connectors' ? [own, VENDOR_FOLDERS] : [own];
    return uses.map((used) => ({
      from,
      allow: {
        to: { element: { types: { anyOf: ['lib', 'app'] }, captured: { name: used } } },
        dependency: { source: entryOf(name, used) },
      },
    }));
  });
}

/** Controller, commands and consumer call services; only services call repositories; nobody calls upwards. */
const layerPolicies = [
  {
    from: { file: { categories: 'entry' } },
    disallow: { to: { file: { categories: 'repository' } } },
    message: 'A controller, commands or consumer file delegates to its service; only the service calls the repository.',
  },
  {
    from: { file: { categories: { anyOf: ['service', 'repository', 'queries'] } } },
    disallow: { to: { file: { categories: 'entry' } } },
    message: 'Calls go controller / commands / consumer → service → repository, never back.',
  },
  {
    from: { file: { categories: 'repository' } },
    disallow: { to: { file: { categories: 'service' } } },
    message: 'A repository does not call services.',
  },
];

const testPolicies = [
  {
    from: { file: { categories: 'test' } },
    allow: { to: { element: { type: 'lib' } }, dependency: { source: '@rollcall/**' } },
  },
  {
    from: [{ file: { categories: 'test' } }, { element: { type: 'lib', captured: { name: 'testing' } } }],
    allow: { to: { element: { type: 'app', captured: { name: 'vendor-simulator' } } } },
  },
  // Whole-system tests drive the product as its own demo does.
  {
    from: { element: { type: 'tests' } },
    allow: { to: { element: { types: { anyOf: ['tests', 'app'] } } } },
  },
];

/**
 * Flat config block: which package may import which, default deny (house rule: boundaries).
 * @returns {import('eslint').Linter.Config}
 */
export function boundariesConfig() {
  const packages = readPackages();
  return {
    files: ['apps/**/*.ts', 'libs/**/*.ts', 'test/**/*.ts'],
    // Its types describe the module as CommonJS wraps it, not what an import gives.
    plugins: { boundaries: /** @type {import('eslint').ESLint.Plugin} */ (/** @type {unknown} */ (boundaries)) },
    settings: {
      'boundaries/root-path': root,
      'boundaries/legacy-templates': false,
      'boundaries/elements': [
        { type: 'vendor', pattern: 'libs/connectors/*', capture: ['name'], partialMatch: false },
        { type: 'lib', pattern: 'libs/*', capture: ['name'], partialMatch: false },
        { type: 'app', pattern: 'apps/*', capture: ['name'], partialMatch: false },
        { type: 'tests', pattern: 'test', partialMatch: false },
      ],
      'boundaries/files': [
        { category: 'test', pattern: TEST_FILES, exclusive: true },
        { category: 'entry', pattern: 'apps/**/*.{controller,commands,consumer}.ts' },
        { category: 'service', pattern: 'apps/**/*.service.ts' },
        { category: 'queries', pattern: 'apps/**/*.queries.ts' },
        { category: 'repository', pattern: 'apps/**/*.repository.ts' },
      ],
      'import/resolver': { typescript: { project: `${root}/tsconfig.lint.json`, noWarnOnMultipleProjects: true } },
    },
    rules: {
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          checkInternals: true,
          policies: [
            { allow: { dependency: { relationship: { to: 'internal' } } } },
            {
              from: { element: { type: 'lib', captured: { name: 'connectors' } } },
              allow: { to: VENDOR_FOLDERS },
            },
            ...packagePolicies(packages),
            ...testPolicies,
            ...layerPolicies,
          ],
        },
      ],
      'boundaries/no-unknown-files': 'error',
      'boundaries/no-unknown-dependencies': 'error',
    },
  };
}
