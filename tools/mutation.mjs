/**
 * Mutation test, file by file (`npm run mutation`, or `npm run mutation -- undo keys` for files with one of these in their
 * path): each mutant runs only the specs of its file, because all of them take a minute. Fails if a file is below its bar.
 */
import { spawnSync } from 'node:child_process';

import { rules } from './mutation-rules.mjs';

const wanted = process.argv.slice(2);
const files = [...rules.keys()].filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
if (files.length === 0) {
  console.error(`No file under mutation test has ${wanted.join(' or ')} in its path. They are:`);
  console.error([...rules.keys()].join('\n'));
  process.exit(1);
}
const below = files.filter((file, index) => {
  console.log(`${file} (${index + 1} of ${files.length})`);
  const env = { ...process.env, MUTATION_SPECS: rules.get(file)?.join(' ') };
  const args = ['stryker', 'run', 'tools/stryker.config.mjs', '--mutate', file];
  return spawnSync('npx', args, { stdio: 'inherit', env }).status !== 0;
});
console.log(below.length === 0 ? `All ${files.length} files reach the bar.` : `Below the bar: ${below.join(', ')}`);
process.exitCode = below.length === 0 ? 0 : 1;
