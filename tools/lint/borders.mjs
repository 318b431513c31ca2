import { relative } from 'node:path';

import { injectableType, redundantInject } from './injection.mjs';
import { root } from './packages.mjs';

const TESTS = /(^test\/|^(apps|libs)\/[^/]+\/test\/|\.(spec|int-spec|e2e-spec|proof-spec)\.ts$|^libs\/testing\/)/;
const TOOLS = /^(tools\/|[^/]+\.(mjs|cjs)$)/;
const DEVELOPMENT = /^(libs\/engines|apps\/cli|apps\/vendor-simulator)\//;

const MODULES = [
  {
    names: ['kafkajs'],
    allow: [/^libs\/messaging\//, /^libs\/engines\//, TESTS, TOOLS],
    message: 'kafkajs stays inside libs/messaging, so that it can be replaced. Use @rollcall/messaging.',
  },
  {
    names: ['mongoose', 'mongodb', '@nestjs/mongoose'],
    allow: [
      /^libs\/(collections|engines|messaging)\//,
      /^libs\/egress\/src\/(.*\/)?rate-budget[^/]*\.ts$/,
      /\.repository\.ts$/,
      TESTS,
      TOOLS,
    ],
    message: 'The database is reached through libs/collections and *.repository.ts files only.',
  },
  {
    names: ['@nestjs/schedule'],
    allow: [/^libs\/service\/src\/background\//, TESTS],
    message:
      'What happens by the clock is a method marked @EveryInterval of @rollcall/service, which never overlaps itself, pauses ' +
      'after errors and is waited for at the end (ADR 0025).',
  },
  {
    names: ['undici', 'http', 'https', 'http2', 'net', 'tls'],
    allow: [/^libs\/egress\//, DEVELOPMENT, TESTS, TOOLS],
    message: 'libs/egress is the only way out. Use the client that it gives.',
  },
];

const GLOBALS = [
  {
    path: ['fetch'],
    allow: [/^libs\/egress\//, DEVELOPMENT, TESTS, TOOLS],
    message: 'libs/egress is the only way out. Use the client that it gives instead of fetch.',
  },
  {
    path: ['process', 'env'],
    allow: [/(^|\/)config\.ts$/, /^(libs\/engines|apps\/cli)\//, TESTS, TOOLS],
    message: 'Only config.ts reads process.env; pass the parsed configuration on.',
  },
];

/**
 * What the rules below look at in a node, whichever parser made it.
 * @typedef {{
 *   type: string, parent: Syntax, name?: string, value?: unknown, object?: Syntax, property?: Syntax, id?: Syntax,
 *   properties?: { key?: { name?: string } }[], specifiers?: { imported?: { name?: string } }[],
 *   source?: Syntax, argument?: { literal?: Syntax }, expression?: Syntax, arguments?: Syntax[],
 * }} Syntax
 * @typedef {import('eslint').Rule.Node} Node
 */

/** @returns {Syntax} */
const syntaxOf = (/** @type {unknown} */ node) => /** @type {Syntax} */ (node);

const allowed = (/** @type {{ allow: readonly RegExp[] }} */ entry, /** @type {string} */ file) =>
  entry.allow.some((pattern) => pattern.test(file));

/**
 * 'node:http' → 'http', 'undici/types' → 'undici', '@nestjs/mongoose/x' → '@nestjs/mongoose'.
 * @param {string} source
 */
function packageName(source) {
  const parts = source.replace(/^node:/, '').split('/');
  return parts[0].startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

/** @type {import('eslint').Rule.RuleModule} */
const borders = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = relative(root, context.filename).replaceAll('\\', '/');
    const modules = MODULES.filter((entry) => !allowed(entry, file));
    const globals = GLOBALS.filter((entry) => !allowed(entry, file));
    const envIsClosed = globals.find((entry) => entry.path[0] === 'process');

    const checkModule = (/** @type {Node} */ node, /** @type {unknown} */ imported) => {
      const literal = /** @type {Syntax | null | undefined} */ (imported);
      if (typeof literal?.value !== 'string') return;
      const name = packageName(literal.value);
      for (const entry of modules.filter(({ names }) => names.includes(name)))
        context.report({ node, message: entry.message });
      const namesEnv = syntaxOf(node).specifiers?.some((specifier) => specifier.imported?.name === 'env');
      if (name === 'process' && namesEnv && envIsClosed) context.report({ node, message: envIsClosed.message });
    };

    return {
      ImportDeclaration: (node) => checkModule(node, node.source),
      ExportNamedDeclaration: (node) => checkModule(node, node.source),
      ExportAllDeclaration: (node) => checkModule(node, node.source),
      ImportExpression: (node) => checkModule(node, node.source),
      TSImportType: (/** @type {Node} */ node) =>
        checkModule(node, syntaxOf(node).source ?? syntaxOf(node).argument?.literal),
      TSExternalModuleReference: (/** @type {Node} */ node) => checkModule(node, syntaxOf(node).expression),
      'CallExpression[callee.name="require"]': (/** @type {Node} */ node) =>
        checkModule(node, syntaxOf(node).arguments?.[0]),
      Identifier(node) {
        for (const { path, message } of globals) {
          if (node.name === path[0] && reachesGlobal(context.sourceCode, node, path)) context.report({ node, message });
        }
      },
    };
  },
};

/**
 * Is `node` the global named by `path`, written bare or behind `globalThis`, followed by the rest of the path?
 * @param {import('eslint').SourceCode} sourceCode
 * @param {import('estree').Identifier & import('eslint').Rule.NodeParentExtension} node
 * @param {readonly string[]} path
 */
function reachesGlobal(sourceCode, node, path) {
  const bare = sourceCode.isGlobalReference(node);
  const own = syntaxOf(node);
  const behindGlobalThis = isMember(own.parent) && nameOf(own.parent.object) === 'globalThis';
  if (!bare && !behindGlobalThis) return false;
  let end = behindGlobalThis ? own.parent : own;
  for (const step of path.slice(1)) {
    const { type, id } = end.parent;
    if (type === 'VariableDeclarator' && id?.type === 'ObjectPattern') return takesOut(id, step);
    end = end.parent;
    if (!isMember(end) || nameOf(end.property) !== step) return false;
  }
  return true;
}

/** Whether `const { step } = …` has a property of this name. */
const takesOut = (/** @type {Syntax} */ pattern, /** @type {string} */ step) =>
  pattern.properties?.some((property) => property.key?.name === step) === true;

const isMember = (/** @type {Syntax} */ node) => node.type === 'MemberExpression';
const nameOf = (/** @type {Syntax | undefined} */ node) => node?.name ?? node?.value;

const TOPIC = /^rollcall\.[a-z][a-z.-]*\.v\d+/;

/** @type {import('eslint').Rule.RuleModule} */
const noTopicLiteral = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const check = (/** @type {import('eslint').Rule.Node} */ node, /** @type {string} */ text) => {
      if (TOPIC.test(text))
        context.report({ node, message: 'A topic is named once, by defineTopic in libs/contracts. Import it.' });
    };
    return {
      Literal: (node) => check(node, String(node.value)),
      TemplateElement: (node) => check(node, node.value.cooked ?? ''),
    };
  },
};

const DIRECTIVE = /^\s*(eslint-disable(-next-line|-line)?\b|@ts-(expect-error|ignore|nocheck)\b|prettier-ignore\b)/;

/** @type {import('eslint').Rule.RuleModule} */
const suppressionReason = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          if (!DIRECTIVE.test(comment.value) || / -- \S.{7,}/s.test(comment.value)) continue;
          const message = 'A suppression says why: add " -- reason" (at least a few words) behind it.';
          if (comment.loc) context.report({ loc: comment.loc, message });
        }
      },
    };
  },
};

/** Rules of this repository that no published plugin has. */
export const rollcall = {
  rules: {
    borders,
    'injectable-type': injectableType,
    'no-topic-literal': noTopicLiteral,
    'redundant-inject': redundantInject,
    'suppression-reason': suppressionReason,
  },
};
