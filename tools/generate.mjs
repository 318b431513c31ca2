// Writes the files that are derived from others: `node tools/generate.mjs [name ...] [--check]`.
// Every module of tools/generate is one generator and exports `generate(root)`, which returns { path: text }.
// --check writes nothing and fails when a file on disk is missing or differs.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import prettier from 'prettier';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const folder = join(root, 'tools/generate');
const args = process.argv.slice(2);
const isCheck = args.includes('--check');
const chosen = args.filter((arg) => !arg.startsWith('--'));

const available = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs'))
  .map((file) => file.slice(0, -'.mjs'.length))
  .sort();
const unknown = chosen.filter((name) => !available.includes(name));
if (unknown.length > 0) {
  console.error(`No generator is called ${unknown.join(', ')}. There are: ${available.join(', ')}.`);
  process.exit(2);
}

/**
 * Generated code looks like written code, so that lint and Prettier need no exceptions for it.
 * @param {string} path
 * @param {string} text
 */
async function formatted(path, text) {
  const { ignored, inferredParser } = await prettier.getFileInfo(path, { ignorePath: join(root, '.prettierignore') });
  if (ignored || !inferredParser) return text;
  return prettier.format(text, { ...(await prettier.resolveConfig(path)), filepath: path });
}

const stale = [];
let count = 0;
for (const name of chosen.length > 0 ? chosen : available) {
  const { generate } = await import(join(folder, `${name}.mjs`));
  for (const [file, text] of Object.entries(await generate(root))) {
    const path = join(root, file);
    const wanted = await formatted(path, text);
    count += 1;
    if (existsSync(path) && readFileSync(path, 'utf8') === wanted) continue;
    stale.push(file);
    if (isCheck) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted);
  }
}

if (isCheck && stale.length > 0) {
  console.error(
    `Stale: ${stale.join(', ')}. What they are made from has changed; run "npm run generate" and commit the result.`,
  );
  process.exit(1);
}
console.log(`Generated files: ${count}, ${isCheck ? 'all current' : `${stale.length} written`}.`);
