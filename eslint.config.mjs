import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import importSort from 'eslint-plugin-simple-import-sort';
import globals from 'globals';
import tseslint from 'typescript-eslint';

import { rollcall } from './tools/lint/borders.mjs';
import { boundariesConfig, TEST_FILES } from './tools/lint/boundaries.mjs';
import { edgeProblems, readPackages, root } from './tools/lint/packages.mjs';

const problems = edgeProblems(readPackages());
if (problems.length > 0) throw new Error(`The package graph breaks the boundaries:\n  ${problems.join('\n  ')}`);

const wallClock =
  'The clock of one machine may be wrong by hours. What is stored or compared between processes goes by Databases.time() or ' +
  'timeMs(), and what is only waited for by performance.now() (ADR 0024).';
/** @returns {import('eslint').Linter.RuleEntry} */
const maxLines = (/** @type {number} */ max) => ['error', { max, skipBlankLines: true, skipComments: true }];

/** @type {import('eslint').Linter.Config} */
const everywhere = {
  files: ['**/*.{ts,mjs,cjs}'],
  plugins: { 'simple-import-sort': importSort, rollcall },
  languageOptions: { globals: globals.node },
  linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
  rules: {
    'simple-import-sort/imports': 'error',
    'simple-import-sort/exports': 'error',
    'rollcall/borders': 'error',
    'rollcall/injectable-type': 'error',
    'rollcall/redundant-inject': 'error',
    'rollcall/suppression-reason': 'error',
    'max-lines': maxLines(260),
    'max-depth': ['error', 4],
    complexity: ['error', 11],
    eqeqeq: ['error', 'always'],
    'no-eval': 'error',
    'no-implied-eval': 'error',
    'no-console': 'error',
  },
};

/**
 * One program for all files, with workspaces resolved to their sources: type information needs no build before, covers
 * the specs that the package projects leave out, and is read once instead of once per package.
 */
const typed = defineConfig({
  files: ['**/*.ts'],
  extends: [...tseslint.configs.recommended],
  languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: root } },
  rules: {
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    '@typescript-eslint/await-thenable': 'error',
    '@typescript-eslint/only-throw-error': 'error',
    '@typescript-eslint/prefer-promise-reject-errors': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
    '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  },
});

export default defineConfig(
  { ignores: ['**/dist/**', '**/node_modules/**', '.rollcall/**', 'coverage/**', 'docs/**'] },
  js.configs.recommended,
  everywhere,
  ...typed,
  boundariesConfig(),
  {
    files: ['**/*.ts'],
    ignores: ['libs/contracts/**'],
    rules: { 'rollcall/no-topic-literal': 'error' },
  },
  {
    files: ['apps/{gateway,credential-vault,sync-runner,mapping,workflow,notifier}/src/**/*.ts'],
    ignores: TEST_FILES,
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          "NewExpression[callee.name='Date'][arguments.length=0]",
          "MemberExpression[object.name='Date'][property.name='now']",
        ].map((selector) => ({ selector, message: wallClock })),
      ],
    },
  },
  { files: [...TEST_FILES, 'libs/testing/**'], rules: { 'max-lines': maxLines(400) } },
  // These write to a person's terminal; services log.
  { files: ['apps/cli/**', 'tools/**', '*.mjs', 'test/**', 'deploy/**'], rules: { 'no-console': 'off' } },
);
