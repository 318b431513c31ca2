// A vendor is named in its own folder and nowhere else, so that the sixth vendor is a folder and no hunt through
// services. Reads identifiers, strings and templates (not comments) of every source file outside the places that may.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** The vendors of the roadmap are watched before their folders exist. */
const PLANNED = ['lastpass', 'jumpcloud', 'ironclad', 'entra', 'lever'];

const ALLOWED = [
  /^libs\/connectors\/(index|manifests)\.ts$/,
  /^apps\/vendor-simulator\//,
  /^apps\/cli\/src\/demo\//,
  /(^test\/|^(apps|libs)\/[^/]+\/test\/|\.(spec|int-spec|e2e-spec|proof-spec)\.ts$|^libs\/testing\/)/,
  /^(docs|tools)\//,
];

const folders = readdirSync(join(root, 'libs/connectors'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, 'libs/connectors', entry.name, 'manifest.ts')))
  .map((entry) => entry.name);

/**
 * A short name may be part of a word (leverage, central), so words are cut at humps. A longer one may be written as several
 * words, but whole ones: "last password" names nobody.
 * @param {string} text
 * @param {string} vendor
 */
function namesVendor(text, vendor) {
  const words = text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());
  if (vendor.length < 7) return words.includes(vendor);
  return words.some((word, start) => word.includes(vendor) || isRunOf(words.slice(start), vendor));
}

/**
 * @param {readonly string[]} words
 * @param {string} vendor
 */
function isRunOf(words, vendor) {
  let joined = '';
  for (const word of words) {
    joined += word;
    if (joined.length >= vendor.length) break;
  }
  return joined === vendor;
}

const TEXT_KINDS = new Set([
  ts.SyntaxKind.Identifier,
  ts.SyntaxKind.PrivateIdentifier,
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
  ts.SyntaxKind.RegularExpressionLiteral,
]);

/** @returns {node is ts.LiteralLikeNode | ts.Identifier} */
const isText = (/** @type {ts.Node} */ node) => TEXT_KINDS.has(node.kind);

/**
 * @param {string} path
 * @param {readonly string[]} vendors
 */
function vendorsIn(path, vendors) {
  const source = ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true);
  /** @type {string[]} */
  const found = [];
  const visit = (/** @type {ts.Node} */ node) => {
    if (isText(node)) {
      for (const vendor of vendors.filter((name) => namesVendor(node.text, name))) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        found.push(`${path}:${line + 1} names the vendor ${vendor}: ${node.text.slice(0, 60)}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

// Folder "ironclad-clickwrap" belongs to the planned "ironclad", so names are compared without punctuation.
const vendors = [...new Set([...PLANNED, ...folders.map((folder) => folder.replace(/[^a-z]/g, ''))])];
const owner = (/** @type {string} */ path) => /^libs\/connectors\/([^/]+)\//.exec(path)?.[1].replace(/[^a-z]/g, '');

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', 'apps', 'libs', 'deploy'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => /\.(ts|mts|mjs|cjs|js)$/.test(path) && existsSync(join(root, path)))
  .filter((path) => !ALLOWED.some((pattern) => pattern.test(path)));

const problems = files.flatMap((path) => {
  const own = owner(path);
  return [
    ...vendors
      .filter((vendor) => !own && namesVendor(path, vendor))
      .map((vendor) => `${path}: the file is named after the vendor ${vendor}`),
    ...vendorsIn(
      path,
      vendors.filter((vendor) => !own?.startsWith(vendor)),
    ),
  ];
});

for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(
    'A vendor is named only in libs/connectors/<vendor>. Put what is special about it into its manifest or connector and ask for that.',
  );
  process.exit(1);
}
console.log(`Vendor names: ${files.length} files name none of ${vendors.join(', ')}.`);
