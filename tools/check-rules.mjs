// Comments and test titles cite rules by an id, "(B14)", and sections of the architecture, "(architecture 8)". Each must
// be found in docs/, or the reader is left alone with it. In what users read, an id says nothing: there it is a fault.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const read = (/** @type {string} */ path) => readFileSync(join(root, path), 'utf8');

const ID = String.raw`(?:[A-IN][1-9]\d?|[PRV][1-9]\d{0,2})`;
/** "(B14)", "(P12, P19)", "(A7 to A10)", "(reset of R47)": an id inside parentheses, or after "rule" or "requirement". */
const CITED = new RegExp(String.raw`\([^()%]*?(?<![\w%.-])(${ID})(?![\w-])|\b(?:rules?|requirements?) (${ID})\b`);
const ANY_ID = new RegExp(String.raw`(?<![\w%!@["'\`./-])(${ID})(?![\w"'\`\]]|\.\w|-\w)`, 'g');
const RANGE = new RegExp(String.raw`\b([A-Z])(\d+)(?: to |–)\1(\d+)\b`, 'g');
const SECTION = /\b(architecture|protocol)[ ,:]+(?:sections? )?(\d+|[A-Z])\b(?!\d)/g;

/** @type {Record<string, string>} */
const pages = { rules: 'docs/protocol.md', requirements: 'docs/requirements.md', architecture: 'docs/architecture.md' };
const anchors = new Set(
  [pages.rules, pages.requirements].flatMap((page) =>
    [...read(page).matchAll(/<a id="([a-z]\d+)"><\/a>/g)].map(([, id]) => id.toUpperCase()),
  ),
);
const sections = new Set([
  ...[...read(pages.architecture).matchAll(/^## (\d+)\./gm)].map(([, number]) => `architecture ${number}`),
  ...[...read(pages.rules).matchAll(/^## ([A-Z])\./gm)].map(([, letter]) => `protocol ${letter}`),
]);

/** @type {string[]} */
const problems = [];

/**
 * All ids of a text, ranges written out: "A7 to A10" names four.
 * @param {string} text
 */
function idsOf(text) {
  const ids = [...text.matchAll(ANY_ID)].map(([, id]) => id);
  for (const [, letter, from, to] of text.matchAll(RANGE)) {
    for (let number = Number(from); number <= Number(to); number += 1) ids.push(`${letter}${number}`);
  }
  return ids;
}

/**
 * @param {string} where
 * @param {string} text
 */
function checkCitations(where, text) {
  for (const id of idsOf(text)) {
    if (!anchors.has(id))
      problems.push(`${where} cites ${id}, which neither ${pages.rules} nor ${pages.requirements} has.`);
  }
  for (const [, page, section] of text.matchAll(SECTION)) {
    const name = `${page} ${section}`;
    if (!sections.has(name))
      problems.push(`${where} cites "${name}", which is no heading of ${pages[page] ?? pages.rules}.`);
  }
}

/**
 * @param {string} where
 * @param {string} text
 */
function checkPlain(where, text) {
  const cited = CITED.exec(text);
  if (cited === null) return;
  problems.push(
    `${where} shows users the id ${cited[1] ?? cited[2]}. Say it in words; ids are for comments and test titles.`,
  );
}

const isTest = (/** @type {string} */ path) =>
  /(^test\/|\/test\/|\.(?:[a-z0-9]+-)?spec\.ts$|^libs\/testing\/|\/conformance\/)/.test(path);
const isTitleCall = (/** @type {ts.CallExpression} */ node) => /^(it|test|describe)\b/.test(node.expression.getText());

/**
 * A title by which a test is known: first argument of it() and describe(), or the property `title` of a case.
 * @param {ts.Node} node
 */
function isTitle(node) {
  const { parent } = node;
  if (ts.isCallExpression(parent)) return parent.arguments[0] === node && isTitleCall(parent);
  return ts.isPropertyAssignment(parent) && parent.name.getText() === 'title';
}

const TEXT_KINDS = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
]);

/** @returns {node is ts.LiteralLikeNode} */
const isText = (/** @type {ts.Node} */ node) => TEXT_KINDS.has(node.kind);

const CITES = new RegExp(`${ANY_ID.source}|${SECTION.source}`);

/** @param {string} path */
function checkCode(path) {
  const text = read(path);
  if (!CITES.test(text)) return;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const at = (/** @type {number} */ position) => `${path}:${source.getLineAndCharacterOfPosition(position).line + 1}`;
  const seen = new Set();
  const visitComments = (/** @type {ts.CommentRange[] | undefined} */ ranges) => {
    for (const { pos, end } of ranges ?? []) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      checkCitations(at(pos), text.slice(pos, end));
    }
  };
  const visit = (/** @type {ts.Node} */ node) => {
    visitComments(ts.getLeadingCommentRanges(text, node.pos));
    visitComments(ts.getTrailingCommentRanges(text, node.end));
    if (isText(node)) {
      const whole = ts.isTemplateExpression(node.parent) ? node.parent : node;
      if (isTest(path)) {
        if (isTitle(whole)) checkCitations(at(node.getStart()), node.text);
      } else {
        checkPlain(at(node.getStart()), node.text);
      }
    }
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
}

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));

const code = files.filter((path) => /\.(ts|mts|mjs|cjs|js)$/.test(path) && !path.startsWith('tools/check-rules'));
for (const path of code) checkCode(path);

for (const path of files.filter((file) =>
  /(^|\/)(README|SECURITY|CHANGELOG)\.md$|^docs\/guides\/|^docs\/events\.md$|^docs\/(openapi|asyncapi)\//.test(file),
)) {
  read(path)
    .split('\n')
    .forEach((line, index) => checkPlain(`${path}:${index + 1}`, line));
}
for (const path of files.filter((file) =>
  /^(docs\/(adr\/|architecture\.md|glossary\.md)|CONTRIBUTING\.md)/.test(file),
)) {
  read(path)
    .split('\n')
    .forEach((line, index) => checkCitations(`${path}:${index + 1}`, line));
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`${problems.length} citations lead nowhere or stand where users read.`);
  process.exit(1);
}
console.log(`Rules: every id in ${code.length} code files is explained in docs/; nothing that users read shows one.`);
