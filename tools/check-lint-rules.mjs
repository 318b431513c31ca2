// Each house rule of the linter against code that breaks it, and code close by that does not: a rule that stops
// working (a renamed plugin option, a resolver that no longer finds the workspaces) fails here and not in silence.
import { fileURLToPath } from 'node:url';

import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

import { edgeProblems, root } from './lint/packages.mjs';

const BOUNDARY = 'boundaries/dependencies';
const BORDER = 'rollcall/borders';
const imports = (/** @type {string} */ source) => `import { x } from '${source}';\nexport const y = x;\n`;
const nested = (/** @type {number} */ depth) =>
  `export function f(a) {\n${'if (a) {'.repeat(depth)}a();${'}'.repeat(depth)}\n}\n`;
const branches = (/** @type {number} */ count) => `export function f(a) {\n${'if (a()) a();\n'.repeat(count)}}\n`;
const injects = (/** @type {string} */ parameter, decorator = '@Injectable()', type = '') =>
  `import { Inject, Injectable } from '@nestjs/common';\n\nimport { ${type}Y } from './y.js';\n\n` +
  `export const used = [Inject, Injectable${type === '' ? ', Y' : ''}];\n${decorator}\n` +
  `export class X {\n  constructor(${parameter}) {}\n}\n`;
const lines = (/** @type {number} */ count) => 'export {};\n'.repeat(count);

/**
 * [file, code, the rule that must report it, or null when it must pass]
 * @type {[string, string, string | null][]}
 */
const cases = [
  ['libs/contracts/src/x.ts', imports('@rollcall/observability'), BOUNDARY],
  ['libs/collections/src/x.ts', imports('@rollcall/contracts'), null],
  ['libs/collections/src/x.ts', imports('@rollcall/messaging'), BOUNDARY],
  ['libs/collections/src/x.ts', imports('../../contracts/src/index.js'), BOUNDARY],
  ['libs/secrets/src/x.ts', "export * from '@rollcall/egress';\n", BOUNDARY],
  ['libs/secrets/src/x.ts', "export const y = import('@rollcall/egress');\n", BOUNDARY],
  ['libs/service/src/x.ts', imports('@rollcall/engines'), BOUNDARY],
  ['libs/service/src/x.ts', imports('@rollcall/testing'), BOUNDARY],
  ['libs/service/src/x.ts', imports('@rollcall/mapping'), BOUNDARY],
  ['libs/service/src/x.spec.ts', imports('@rollcall/testing'), null],
  ['libs/vendor-access/src/x.ts', imports('@rollcall/connectors'), BOUNDARY],
  ['apps/notifier/src/x.ts', imports('@rollcall/vendor-access'), BOUNDARY],
  ['libs/testing/src/x.ts', imports('@rollcall/engines'), null],
  ['libs/testing/src/x.ts', imports('@rollcall/vendor-simulator'), null],
  ['libs/testing/src/x.ts', imports('@rollcall/mapping'), BOUNDARY],
  ['apps/cli/src/x.ts', imports('@rollcall/engines'), null],
  ['apps/cli/src/x.ts', imports('@rollcall/egress'), BOUNDARY],
  ['apps/cli/src/x.ts', imports('@rollcall/vendor-simulator'), BOUNDARY],
  ['apps/cli/src/x.ts', imports('../../vendor-simulator/src/index.js'), BOUNDARY],
  ['apps/mapping/src/x.ts', imports('../../workflow/src/main.js'), BOUNDARY],
  ['apps/mapping/src/x.ts', imports('@rollcall/egress'), BOUNDARY],
  ['apps/mapping/src/x.ts', imports('@rollcall/testing'), BOUNDARY],
  ['apps/mapping/src/x.ts', imports('@rollcall/connectors'), BOUNDARY],
  ['apps/mapping/src/x.ts', imports('@rollcall/connectors/manifests'), null],
  ['apps/gateway/src/x.ts', imports('@rollcall/connectors'), BOUNDARY],
  ['apps/credential-vault/src/x.ts', imports('@rollcall/connectors'), BOUNDARY],
  ['apps/notifier/src/x.ts', imports('@rollcall/connectors'), BOUNDARY],
  ['apps/sync-runner/src/x.ts', imports('@rollcall/connectors'), null],
  ['apps/workflow/src/x.ts', imports('@rollcall/connectors'), null],
  ['test/e2e/x.e2e-spec.ts', imports('@rollcall/vendor-simulator'), null],
  ['test/e2e/x.e2e-spec.ts', imports('@rollcall/testing'), null],
  ['test/e2e/x.e2e-spec.ts', imports('../../apps/mapping/src/main.js'), null],
  ['libs/connectors/acme/users.ts', imports('@rollcall/connector-kit'), null],
  ['libs/connectors/acme/users.ts', imports('@rollcall/egress'), BOUNDARY],
  ['libs/connectors/acme/users.ts', imports('../other/index.js'), BOUNDARY],
  ['libs/connectors/acme/users.ts', imports('../index.js'), BOUNDARY],
  ['apps/mapping/src/people/people.controller.ts', imports('./people.repository.js'), BOUNDARY],
  ['apps/mapping/src/people/people.consumer.ts', imports('./people.service.js'), null],
  ['apps/mapping/src/people/people.service.ts', imports('./people.repository.js'), null],
  ['apps/mapping/src/people/people.service.ts', imports('./people.commands.js'), BOUNDARY],
  ['apps/mapping/src/people/people.repository.ts', imports('./people.service.js'), BOUNDARY],

  ['apps/mapping/src/x.ts', imports('kafkajs'), BORDER],
  ['libs/messaging/src/x.ts', imports('kafkajs'), null],
  ['libs/engines/src/x.ts', imports('kafkajs'), null],
  ['test/load/x.ts', imports('kafkajs'), null],
  ['apps/mapping/src/x.ts', imports('@nestjs/schedule'), BORDER],
  ['libs/messaging/src/x.ts', imports('@nestjs/schedule'), BORDER],
  ['libs/service/src/background/x.ts', imports('@nestjs/schedule'), null],
  ['apps/mapping/src/people/people.service.ts', imports('mongodb'), BORDER],
  ['apps/mapping/src/people/people.service.ts', "export type S = import('mongoose').ClientSession;\n", BORDER],
  ['apps/mapping/src/people/people.repository.ts', imports('mongodb'), null],
  ['libs/service/src/x.ts', "import type { Db } from 'mongodb';\nexport type D = Db;\n", BORDER],
  ['libs/egress/src/rate-budget.ts', imports('mongodb'), null],
  ['libs/egress/src/client.ts', imports('mongodb'), BORDER],
  ['libs/connectors/acme/client.ts', imports('undici'), BORDER],
  ['libs/egress/src/client.ts', imports('undici'), null],
  ['apps/notifier/src/x.ts', imports('node:https'), BORDER],
  ['apps/notifier/src/x.ts', "export const y = await import('node:http');\n", BORDER],
  ['apps/notifier/src/x.ts', "export const y = fetch('https://example.org');\n", BORDER],
  ['apps/notifier/src/x.ts', "export const y = globalThis.fetch('https://example.org');\n", BORDER],
  ['apps/notifier/src/x.ts', "export const y = (fetch: (a: string) => void) => fetch('a');\n", null],
  ['apps/cli/src/x.ts', "export const y = fetch('https://example.org');\n", null],
  ['apps/mapping/src/x.ts', 'export const y = process.env.HOME;\n', BORDER],
  ['apps/mapping/src/x.ts', 'export const { env } = process;\n', BORDER],
  ['apps/mapping/src/x.ts', "import { env } from 'node:process';\nexport const y = env;\n", BORDER],
  ['apps/mapping/src/config.ts', 'export const y = process.env.HOME;\n', null],

  ['apps/mapping/src/x.ts', "export const y = 'rollcall.people.v1';\n", 'rollcall/no-topic-literal'],
  ['test/e2e/x.e2e-spec.ts', 'export const y = `rollcall.commands.mapping.v1`;\n', 'rollcall/no-topic-literal'],
  ['libs/contracts/src/x.ts', "export const y = 'rollcall.people.v1';\n", null],
  ['apps/mapping/src/x.ts', '// eslint-disable-next-line eqeqeq\nexport {};\n', 'rollcall/suppression-reason'],
  ['apps/mapping/src/x.ts', injects('@Inject(Y) private readonly y: Y'), 'rollcall/redundant-inject'],
  ['apps/mapping/src/x.ts', injects('@Inject(Y) y: Y'), 'rollcall/redundant-inject'],
  ['apps/mapping/src/x.ts', injects('private readonly y: Y'), null],
  ['apps/mapping/src/x.ts', injects('@Inject(TOKEN) private readonly y: Y'), null],
  ['apps/mapping/src/x.ts', injects("@Inject(Y) private readonly y: Pick<Y, 'z'>"), null],
  ['apps/mapping/src/x.ts', injects('@Inject(Y) private readonly y: Y', ''), null],
  ['apps/mapping/src/x.ts', injects('private readonly y: Y', '@Injectable()', 'type '), 'rollcall/injectable-type'],
  ['apps/mapping/src/x.ts', injects("private readonly y: Pick<Y, 'z'>"), 'rollcall/injectable-type'],
  ['apps/mapping/src/x.ts', injects('@Inject(TOKEN) private readonly y: Y', '@Injectable()', 'type '), null],
  ['apps/mapping/src/x.ts', injects('private readonly y: Y', '', 'type '), null],
  ['apps/mapping/src/x.ts', lines(261), 'max-lines'],
  ['apps/mapping/src/x.ts', lines(260), null],
  ['apps/mapping/src/x.spec.ts', lines(400), null],
  ['apps/mapping/src/x.spec.ts', lines(401), 'max-lines'],
  ['apps/mapping/src/x.ts', branches(11), 'complexity'],
  ['apps/mapping/src/x.ts', branches(10), null],
  ['apps/mapping/src/x.ts', nested(5), 'max-depth'],
  ['apps/mapping/src/x.ts', 'export const y = (a: number) => a == 1;\n', 'eqeqeq'],
  ['apps/mapping/src/x.ts', 'export const y = (a: any) => a;\n', '@typescript-eslint/no-explicit-any'],
  ['apps/mapping/src/x.ts', "console.log('x');\n", 'no-console'],
  ['apps/cli/src/x.ts', "console.log('x');\n", null],
  ['apps/mapping/src/x.ts', 'export const y = new Date();\n', 'no-restricted-syntax'],
  ['apps/gateway/src/x.ts', 'export const y = Date.now();\n', 'no-restricted-syntax'],
  ['apps/mapping/src/x.ts', 'export const y = (ms: number) => new Date(ms);\n', null],
  ['apps/mapping/src/x.spec.ts', 'export const y = Date.now();\n', null],
  ['apps/cli/src/x.ts', 'export const y = new Date();\n', null],
];

/** @returns {import('./lint/packages.mjs').Package[]} */
const edges = (/** @type {string} */ name, /** @type {string} */ used) => [
  { name, folder: `libs/${name}`, kind: 'lib', uses: [used], declares: [used] },
];
/** @type {[import('./lint/packages.mjs').Package[], number][]} */
const edgeCases = [
  [edges('service', 'engines'), 1],
  [edges('testing', 'engines'), 0],
  [edges('contracts', 'observability'), 1],
  [edges('service', 'testing'), 1],
  [edges('messaging', 'collections'), 0],
];

// The files of the cases do not exist: there is no type information for them (the rules above need none), and what they
// import relatively is resolved on paper.
const eslint = new ESLint({
  overrideConfig: [
    { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked },
    {
      settings: {
        'import/resolver': {
          typescript: { project: `${root}/tsconfig.lint.json`, noWarnOnMultipleProjects: true },
          [fileURLToPath(new URL('./lint/unwritten-files.cjs', import.meta.url))]: {},
        },
      },
    },
  ],
});

const failures = [];
for (const [filePath, code, expected] of cases) {
  const [{ messages }] = await eslint.lintText(code, { filePath });
  const found = [...new Set(messages.map(({ ruleId, message }) => ruleId ?? message))];
  const right = expected === null ? found.length === 0 : found.includes(expected);
  if (!right)
    failures.push(
      `${filePath}: expected ${expected ?? 'nothing'}, found ${found.join(', ') || 'nothing'}\n${code.slice(0, 200)}`,
    );
}
for (const [packages, count] of edgeCases) {
  const found = edgeProblems(packages);
  if (found.length !== count)
    failures.push(`${packages[0].name} → ${packages[0].uses}: expected ${count} problems, found ${found.length}`);
}
for (const failure of failures) console.error(`✗ ${failure}`);
console.log(`Lint rules: ${cases.length + edgeCases.length} cases, ${failures.length} wrong.`);
process.exit(failures.length > 0 ? 1 : 0);
