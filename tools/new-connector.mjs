// Makes the folders of a new connector and of its simulator: `npm run new:connector -- --help`.
// All or nothing: an existing file is never touched, and what was written goes away again when anything fails.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import prettier from 'prettier';

import { OptionsError, readOptions, usage } from './new-connector/options.mjs';
import { registered, registry, renderFiles } from './new-connector/render.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const generated = ['libs/connectors/index.ts', 'libs/connectors/manifests.ts'];

/** @typedef {Extract<ReturnType<typeof readOptions>, { help: false }>} Options */

/**
 * @param {Options} options
 * @param {readonly string[]} folders
 */
function checkFree({ id }, folders) {
  const existing = folders.filter((folder) => existsSync(join(root, folder)));
  if (existing.length > 0) {
    throw new OptionsError(
      `${existing.join(' and ')} exist already. Choose another id than ${id}, or remove them first.`,
    );
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
async function formatted(path, text) {
  const { ignored, inferredParser } = await prettier.getFileInfo(path, { ignorePath: join(root, '.prettierignore') });
  if (ignored || !inferredParser) return text;
  return prettier.format(text, { ...(await prettier.resolveConfig(path)), filepath: path });
}

const run = (/** @type {readonly string[]} */ script) =>
  execFileSync(process.execPath, [join(root, script[0]), ...script.slice(1)], { cwd: root, stdio: 'pipe' });

/**
 * A vendor may be named in its own folders only, so a name that is a word of the code elsewhere cannot be used.
 * @param {Options} options
 */
function checkName({ id }) {
  try {
    run(['tools/check-vendor-names.mjs']);
  } catch (error) {
    const [where] = String(error.stderr)
      .split('\n')
      .filter((line) => line.includes('names the vendor'));
    if (where === undefined) throw error;
    throw new OptionsError(
      `"${id}" is a word that the code uses (${where.slice(0, 120)}). Choose a longer id, like ${id}-app.`,
    );
  }
}

/**
 * @param {Options} options
 * @param {Record<string, string>} files
 * @param {readonly string[]} folders
 */
async function write(options, files, folders) {
  const before = new Map([registry, ...generated].map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  try {
    for (const [file, text] of Object.entries(files)) {
      const path = join(root, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, await formatted(path, text), { flag: 'wx' });
    }
    const path = join(root, registry);
    writeFileSync(path, await formatted(path, registered(before.get(registry) ?? '', options)));
    run(['tools/generate.mjs', 'connectors']);
    checkName(options);
  } catch (error) {
    for (const folder of folders) rmSync(join(root, folder), { recursive: true, force: true });
    for (const [file, text] of before) writeFileSync(join(root, file), text);
    throw error;
  }
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return console.log(usage);
  const files = renderFiles(options);
  const folders = [`libs/connectors/${options.id}`, `apps/vendor-simulator/src/vendors/${options.id}`];
  checkFree(options, folders);
  if (!options.dryRun) await write(options, files, folders);
  for (const file of Object.keys(files).sort()) console.log(`  ${file}`);
  console.log(`  ${registry} (a line more)\n  ${generated.join('\n  ')} (generated)`);
  if (options.dryRun) return console.log('Nothing was written: --dry-run.');
  console.log(`
${options.name} works against its own simulator now. See for yourself:
  npx tsc -b && npm run test:unit -- ${options.id}
Then make it speak your vendor's wire: docs/guides/add-a-connector.md, from "Ask the vendor's documentation" on.`);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof OptionsError)) throw error;
  console.error(
    `Cannot make a connector: ${error.message}\nNothing was written. "npm run new:connector -- --help" shows how.`,
  );
  process.exit(2);
}
