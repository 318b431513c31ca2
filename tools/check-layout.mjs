// Names of folders and depth of services: a folder is named for what it owns, and is found in one guess.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const FORBIDDEN = new Set(['common', 'shared', 'utils', 'helpers']);
const MAX_DEPTH = 3;

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path && existsSync(join(root, path)));
const folders = [...new Set(files.map((path) => dirname(path)))];

const problems = [
  ...folders
    .filter((folder) => folder.split('/').some((name) => FORBIDDEN.has(name)))
    .map((folder) => `${folder}: nobody can guess what lies in a folder of this name. Name it for what it owns.`),
  ...folders
    .filter((folder) => (folder.split('/src/')[1] ?? '').split('/').length > MAX_DEPTH)
    .map((folder) => `${folder}: deeper than ${MAX_DEPTH} folders below src. Split along a domain noun higher up.`),
  ...files
    .filter((path) => /^(apps|libs)\/.*\.ts$/.test(path) && !/^[a-z0-9]+([.-][a-z0-9]+)*\.ts$/.test(basename(path)))
    .map((path) => `${path}: file names are kebab-case with role suffixes, like run-state.ts or runs.service.ts.`),
  ...[
    ...new Set(
      files.filter((path) => /^(apps|libs)\//.test(path)).map((path) => path.split('/').slice(0, 2).join('/')),
    ),
  ]
    .filter((folder) => !existsSync(join(root, folder, 'README.md')))
    .map((folder) => `${folder}: has no README.md. Ten lines: owns, consumes, publishes, reads.`),
];

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`Layout: ${folders.length} folders, ${files.length} files.`);
