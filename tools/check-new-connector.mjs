// What `npm run new:connector` makes is right at once: every sign-in and every paging, in a copy of the project.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Ids before, between and behind those that exist, with a dash and with a digit. */
const made = [
  { id: 'aardvark', name: 'Aardvark', auth: 'basic', paging: 'offset' },
  { id: 'ibis-hr', name: 'Ibis HR (EU)', auth: 'api-key', paging: 'cursor' },
  { id: 'marmot7', name: 'Marmot & Co.', auth: 'bearer', paging: 'next-link' },
  { id: 'zebu', name: 'Zebu', auth: 'oauth2-client-credentials', paging: 'cursor' },
];
const good = ['--name', 'Okapi', '--auth', 'basic', '--paging', 'cursor'];
/**
 * Each with words that its refusal must hold.
 * @type {[string[], string][]}
 */
const refused = [
  [[], 'no id'],
  [['Okapi', ...good], 'lower case'],
  [['1okapi', ...good], 'beginning with a letter'],
  [['class', ...good], 'something else'],
  [['okapi', 'two', ...good], 'too much'],
  [['okapi', ...good, '--name', ' '], '--name is missing'],
  [['okapi', ...good, '--name', "O'Kapi"], 'cannot be used'],
  [['okapi', ...good, '--auth', 'kerberos'], 'Choose one of: basic'],
  [['okapi', '--name', 'Okapi', '--auth', 'basic'], '--paging is missing'],
  [['okapi', ...good, '--force'], 'Unknown option'],
  [['zebu', ...good], 'exist already'],
  [['slices', ...good], 'a word that the code uses'],
];

function copyProject() {
  const copy = mkdtempSync(join(tmpdir(), 'rollcall-new-connector-'));
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  for (const file of listed.split('\n').filter(Boolean))
    cpSync(join(root, file), join(copy, file), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  execFileSync('git', ['init', '--quiet'], { cwd: copy });
  execFileSync('git', ['config', 'core.excludesFile', join(copy, '.git/info/exclude')], { cwd: copy });
  execFileSync('sh', ['-c', 'echo node_modules >> .git/info/exclude && git add -A'], { cwd: copy });
  return copy;
}

const copy = copyProject();
const status = () => execFileSync('git', ['status', '--porcelain'], { cwd: copy, encoding: 'utf8' });

/** @param {readonly string[]} args */
function generate(args) {
  return spawnSync(process.execPath, ['tools/new-connector.mjs', ...args], { cwd: copy, encoding: 'utf8' });
}

/**
 * @param {string} what
 * @param {string} command
 * @param {...string} args
 */
function check(what, command, ...args) {
  const { status: code, stdout, stderr } = spawnSync(command, args, { cwd: copy, encoding: 'utf8' });
  if (code !== 0) throw new Error(`${what} failed on generated connectors:\n${stdout}\n${stderr}`);
}

function makeAll() {
  for (const { id, name, auth, paging } of made) {
    const options = ['--name', name, '--auth', auth, '--paging', paging];
    const before = status();
    const dry = generate([id, ...options, '--dry-run']);
    if (dry.status !== 0 || status() !== before) throw new Error(`--dry-run wrote something: ${dry.stderr}`);
    const { status: code, stderr } = generate([id, ...options]);
    if (code !== 0) throw new Error(`${id} was not made: ${stderr}`);
  }
}

function refuseAll() {
  const before = status();
  for (const [args, words] of refused) {
    const { status: code, stderr } = generate(args);
    if (code !== 2 || !stderr.includes(words)) {
      throw new Error(`"${args.join(' ')}" should be refused with "${words}", but ended with ${code}: ${stderr}`);
    }
  }
  if (status() !== before) throw new Error(`a refusal left something behind:\n${status()}`);
}

try {
  makeAll();
  refuseAll();
  const folders = made.flatMap(({ id }) => [`libs/connectors/${id}`, `apps/vendor-simulator/src/vendors/${id}`]);
  const registries = [
    'libs/connectors/index.ts',
    'libs/connectors/manifests.ts',
    'apps/vendor-simulator/src/vendors/index.ts',
  ];
  check('The compiler', 'npx', 'tsc', '-p', 'tsconfig.lint.json', '--noEmit');
  check('The linter', 'npx', 'eslint', '--max-warnings', '0', ...folders, ...registries);
  check('Prettier', 'npx', 'prettier', '--check', '--log-level', 'warn', ...folders, ...registries);
  check('The layout', process.execPath, 'tools/check-layout.mjs');
  check('The check of vendor names', process.execPath, 'tools/check-vendor-names.mjs');
  check('Generating', process.execPath, 'tools/generate.mjs', 'connectors', '--check');
  check('Unit tests', process.execPath, 'tools/jest.mjs', '--selectProjects', 'unit', ...folders);
  console.log(
    `New connectors: ${made.length} made, compiled, linted and tested; ${refused.length} refused with their reason.`,
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
