// Holds the connectors against the vendors' own specifications (OpenAPI, CSDL, recorded answers). These files belong to
// the vendors and are not part of the repository: ROLLCALL_VENDOR_SPECS names their directory.
// A checker is a module of tools/vendor-specs and exports `vendor` and `check(directory)`, which resolves to a list of
// { name, problem }: problem = null when the point holds, else a sentence.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What was read from JSON. The points of a checker say what it must look like, so nothing is promised of it.
 * @typedef {ReturnType<JSON['parse']>} Body
 */

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const checkers = join(root, 'tools/vendor-specs');
const given = process.env.ROLLCALL_VENDOR_SPECS;
const directory = resolve(given ?? join(root, '../shared/vendor-specs'));

if (!existsSync(directory) || !statSync(directory).isDirectory()) {
  if (given) {
    console.error(
      `ROLLCALL_VENDOR_SPECS is ${given}, which is no directory. Correct it, or unset it to skip this check.`,
    );
    process.exit(1);
  }
  console.log(
    'Skipped: no vendor specifications here. Set ROLLCALL_VENDOR_SPECS to their directory to run this check.',
  );
  console.log('0 passed, 0 failed');
  process.exit(0);
}

const modules = existsSync(checkers)
  ? readdirSync(checkers)
      .filter((file) => file.endsWith('.mjs'))
      .sort()
  : [];
const results = [];
for (const file of modules) {
  const { vendor, check } = await import(join(checkers, file));
  for (const { name, problem } of await check(directory)) {
    results.push(problem);
    console.log(problem ? `✗ ${vendor}: ${name}: ${problem}` : `✓ ${vendor}: ${name}`);
  }
}
if (modules.length === 0) console.log('No checkers: tools/vendor-specs is empty.');
const failed = results.filter(Boolean).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
