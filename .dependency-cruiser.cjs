const TESTS =
  '(^test/|^(apps|libs)/[^/]+/test/|\\.(spec|int-spec|e2e-spec|chaos-spec|crash-points)\\.ts$|^libs/testing/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Files in a cycle can only be understood, tested and loaded together. Move what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-feature-cycles',
      comment: 'Features of an app that call each other are one feature. What needs both is a feature above them.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^apps/[^/]+/src/.' },
      to: { circular: true, viaOnly: { path: '^apps/[^/]+/src/.' } },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file and it is no entry point: delete it or use it.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          TESTS,
          '(^|/)main\\.ts$',
          '(^|/)config\\.ts$',
          '(^|/)index\\.ts$',
          '\\.d\\.ts$',
          '^libs/connectors/manifests\\.ts$',
        ],
      },
      to: {},
    },
    {
      name: 'no-app-to-app',
      comment: 'Services know each other by topics and published collections only. The simulator serves tests.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: TESTS },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-app-to-app-in-tests',
      comment: 'A test of an app may start the simulators, never another app.',
      severity: 'error',
      from: { path: ['^apps/([^/]+)/.+\\.(?:spec|int-spec|e2e-spec|chaos-spec)\\.ts$', '^apps/([^/]+)/test/'] },
      to: { path: '^apps/', pathNot: ['^apps/$1/', '^apps/vendor-simulator/'] },
    },
    {
      name: 'no-lib-to-app',
      comment: 'A lib is built before every app. libs/testing starts the simulators for tests.',
      severity: 'error',
      from: { path: '^libs/', pathNot: TESTS },
      to: { path: '^apps/' },
    },
    {
      name: 'no-lib-to-app-in-tests',
      comment: 'Tests of libs, and libs/testing, may start the simulators, no other app.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/', pathNot: '^apps/vendor-simulator/' },
    },
    {
      name: 'no-tests-from-code',
      comment: 'Code that ships does not import tests.',
      severity: 'error',
      from: { pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'no-unresolvable',
      comment: 'This import leads nowhere: misspelt, not installed, or not exported.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Specs lie beside the code and share builders in test/: they would look like cycles between features.
    exclude: { path: '(^|/)dist/|\\.(spec|int-spec|e2e-spec|chaos-spec|crash-points)\\.ts$' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.lint.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
