// Jest globalSetup of the projects int and e2e: real engines, started once for the run, or the given addresses.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** `tools/jest.mjs` names a folder in memory where there is one. */
const home = process.env.TEST_ENGINES_HOME ?? join(root, '.rollcall');
const OWNER = 'owner.json';

export default async function setup() {
  // Jest may call this once per project; the second call finds the first one's engines.
  const shared = /** @type {{ rollcallTestEngines?: ReturnType<typeof start> }} */ (globalThis);
  shared.rollcallTestEngines ??= start();
  const { engines, directory } = await shared.rollcallTestEngines;
  process.env.TEST_ENGINES_DIRECTORY = directory;
  process.env.KAFKA_BROKERS = engines.kafkaBrokers;
  process.env.MONGODB_URI = engines.mongodbUri;
}

/**
 * @typedef {typeof import('@rollcall/engines')} Library
 * @typedef {{ directory: string, log: (line: string) => void }} StartOptions
 */

async function start() {
  const library = await loadLibrary();
  await removeLeftovers(library);
  const directory = join(home, `test-${process.pid}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, OWNER), JSON.stringify(library.identifyProcess(process.pid)));
  const log = (/** @type {string} */ line) => process.stderr.write(`${line}\n`);
  const engines = await startChosen(library, { directory, log });
  for (const line of engines.descriptions) log(line);
  return { engines, directory };
}

/**
 * @param {Library} library
 * @param {StartOptions} options
 */
async function startChosen({ startEngines }, options) {
  if (process.env.ROLLCALL_ENGINES !== 'containers') return startEngines(options);
  const { ContainerEngines } = await import('@rollcall/testing');
  return ContainerEngines.start(options);
}

async function loadLibrary() {
  if (!existsSync(join(root, 'libs/engines/dist/index.js'))) {
    throw new Error('The engines library is not built yet. Run `npx tsc -b libs/engines` (or `npm run build`) first.');
  }
  return import('@rollcall/engines');
}

/**
 * Ends what earlier test runs left because they were killed. Runs that still go on are recognised and left alone.
 * @param {Library} library
 */
async function removeLeftovers({ isSameProcess, stopLeftovers }) {
  if (!existsSync(home)) return;
  for (const name of readdirSync(home).filter((entry) => /^test-\d+$/.test(entry))) {
    const directory = join(home, name);
    const owner = readOwner(directory);
    if (!owner || isSameProcess(owner)) continue;
    await stopLeftovers(directory);
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Null while the directory is being made by a run that starts right now.
 * @param {string} directory
 */
function readOwner(directory) {
  try {
    return JSON.parse(readFileSync(join(directory, OWNER), 'utf8'));
  } catch {
    return null;
  }
}
