// What consumers generate from docs/asyncapi compiles: types of every event in TypeScript, Python and Go, by quicktype. A language whose
// compiler is not on this machine is generated, and the line says that it was not compiled.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { InputData, JSONSchemaInput, JSONSchemaStore, quicktype } from 'quicktype-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const document = JSON.parse(readFileSync(join(root, 'docs/asyncapi/asyncapi.json'), 'utf8'));
const events = Object.keys(document.components.schemas).filter((name) => name.endsWith('Event'));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

/** What a definition of the class of an event looks like, and what compiles the file. */
const languages = /** @type {const} */ ([
  {
    name: 'typescript',
    file: 'events.ts',
    options: {},
    definition: (/** @type {string} */ event) => `export interface ${event} {`,
    compiler: [
      process.execPath,
      tsc,
      '--strict',
      '--noEmit',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      'events.ts',
    ],
  },
  {
    name: 'python',
    file: 'events.py',
    options: { 'python-version': '3.7' },
    definition: (/** @type {string} */ event) => `class ${event}:`,
    compiler: ['python3', '-m', 'py_compile', 'events.py'],
  },
  {
    name: 'go',
    file: 'events.go',
    options: { package: 'events' },
    definition: (/** @type {string} */ event) => `type ${event} struct {`,
    compiler: ['go', 'vet', 'events.go'],
  },
]);

/** @typedef {(typeof languages)[number]} Language */

class DocumentStore extends JSONSchemaStore {
  async fetch() {
    return document;
  }
}

/** @param {Language} options */
async function generate({ name, options }) {
  const schemas = new JSONSchemaInput(new DocumentStore());
  for (const event of events) {
    await schemas.addSource({ name: event, uris: [`file:///asyncapi.json#/components/schemas/${event}`] });
  }
  const inputData = new InputData();
  inputData.addInput(schemas);
  const { lines } = await quicktype({ inputData, lang: name, rendererOptions: options });
  return lines.join('\n');
}

/**
 * @param {Language} language
 * @param {string} folder
 * @returns one line about the language; throws with what is wrong
 */
async function check(language, folder) {
  const source = await generate(language);
  const missing = events.filter((event) => !source.includes(language.definition(event)));
  if (missing.length > 0) throw new Error(`${language.name}: no class is called ${missing.join(', ')}.`);
  writeFileSync(join(folder, language.file), source);
  const [command, ...args] = language.compiler;
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  const { code } = /** @type {NodeJS.ErrnoException} */ (error ?? {});
  if (code === 'ENOENT')
    return `${language.name}: ${events.length} events generated; not compiled, because ${command} is not here`;
  if (status !== 0) throw new Error(`${language.name}: what was generated does not compile.\n${stdout}${stderr}`);
  return `${language.name}: ${events.length} events generated and compiled`;
}

const folder = mkdtempSync(join(tmpdir(), 'rollcall-event-types-'));
try {
  for (const language of languages) console.log(await check(language, folder));
} catch (error) {
  console.error(`The types of events: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
