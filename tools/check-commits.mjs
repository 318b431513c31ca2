// The messages of the commits that this branch adds to main (or of the range given as argument): conventional commits
// whose scopes are the apps, the libs and a few more, so that the history can be read by package.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const folders = (/** @type {string} */ name) =>
  readdirSync(join(root, name), { withFileTypes: true }).filter((entry) => entry.isDirectory());

const TYPES = ['feat', 'fix', 'perf', 'refactor', 'docs', 'test', 'build', 'ci', 'style', 'chore', 'revert'];
const PLACES = ['docs', 'test', 'tools', 'deploy', 'ci', 'deps'];
const SCOPES = new Set([...PLACES, ...['apps', 'libs'].flatMap(folders).map(({ name }) => name)]);
const LONGEST = 120;

const HEADER = /^([a-z]+)(?:\(([^()]*)\))?!?: (.+)$/;

/**
 * What is wrong with the first line of a message, in words; empty when nothing is.
 * @param {string} header
 */
export function faultsOf(header) {
  if (/^(Merge|Revert) /.test(header)) return [];
  const match = HEADER.exec(header);
  if (match === null) return ['is not "type(scope): subject"'];
  const [, type, scopes, subject] = match;
  const unknown = (scopes?.split(',') ?? []).map((scope) => scope.trim()).filter((scope) => !SCOPES.has(scope));
  return [
    ...(TYPES.includes(type) ? [] : [`has the type "${type}"; choose one of ${TYPES.join(', ')}`]),
    ...unknown.map((scope) => `has the scope "${scope}"; choose one of ${[...SCOPES].sort().join(', ')}`),
    ...(header.length > LONGEST ? [`is longer than ${LONGEST} characters`] : []),
    ...(subject.endsWith('.') ? ['ends in a full stop'] : []),
  ];
}

const git = (/** @type {string[]} */ ...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/**
 * Commits of this branch that main does not have, of those made since there is this check. Without git or without a main
 * there is nothing to compare with.
 * @param {string | undefined} range
 */
function headersOf(range) {
  for (const candidate of range ? [range] : ['origin/main..HEAD', 'main..HEAD']) {
    try {
      const first = git('log', '--diff-filter=A', '--format=%H', '--', 'tools/check-commits.mjs').trim();
      const since = first && !range ? [`^${first}^@`] : [];
      return git('log', '--format=%h %s', candidate, ...since, '--')
        .split('\n')
        .filter(Boolean);
    } catch {
      continue;
    }
  }
  return [];
}

const headers = headersOf(process.argv[2]);
const problems = headers.flatMap((line) => {
  const [hash, ...words] = line.split(' ');
  const header = words.join(' ');
  return faultsOf(header).map((fault) => `${hash} "${header}" ${fault}.`);
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`Commit messages: ${headers.length} commits are in order.`);
