/**
 * How long pages of lists take in a large installation (`npm run bench:lists`): people and accounts are written as mapping
 * stores them, then every kind of page is asked of a real gateway by 1 and by 16 clients. Figures, not a test; it fails if
 * a page that should be answered is not.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { accounts, fields, people } from '@rollcall/collections';
import { builtInFields, commandsTopicOf, formatApiKey, serviceNames } from '@rollcall/contracts';
import { startEngines } from '@rollcall/engines';
import { ensureTopics } from '@rollcall/messaging';
import { ServiceProcess, TestEnvironment } from '@rollcall/testing';

import { buildDocuments, integrations, nameOf } from './listed-documents.mjs';

const size = Number(process.env.BENCH_USERS ?? 100_000);
const secondsEach = Number(process.env.BENCH_SECONDS ?? 3);
const root = new URL('../..', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'rollcall-lists-'));
const key = formatApiKey('test', 'a1'.repeat(32));
const batch = 2_000;

const engines = await startEngines({ directory });
process.env.KAFKA_BROKERS = engines.kafkaBrokers;
process.env.MONGODB_URI = engines.mongodbUri;
const environment = await TestEnvironment.create();
const { databases, kafka } = environment;
/** @type {string[]} */
const failures = [];

async function load() {
  await databases.ensure('mapping');
  await ensureTopics(kafka, serviceNames.map(commandsTopicOf), 1);
  const defined = builtInFields.map((field) => ({ _id: field.variable, ...field, builtIn: true }));
  await databases.collection(fields).insertMany(defined);
  for (let from = 0; from < size; from += batch) {
    const made = buildDocuments(from, Math.min(batch, size - from));
    await databases.collection(people).insertMany(made.people, { ordered: false });
    await databases.collection(accounts).insertMany(made.accounts, { ordered: false });
  }
}

/** @typedef {[name: string, path: string, query: Record<string, string>, status?: number]} Question */

/**
 * What is asked, and the status where it is not 200.
 * @type {Question[]}
 */
const questions = [
  ['first page', '/people', {}],
  ['email eq', '/people', { filter: `email eq "USER${Math.floor(size / 2)}@example.com"` }],
  ['email eq, nobody', '/people', { filter: 'email eq "nobody@example.com"' }],
  ['email sw', '/people', { filter: 'email sw "user12"' }],
  ['inactive', '/people', { filter: 'active eq false' }],
  ['left and still has accounts', '/people', { filter: 'active eq false and activeAccounts gt 0' }],
  ['the same, newest first', '/people', { filter: 'active eq false and activeAccounts gt 0', sort: '-deactivatedAt' }],
  ['inactive at one source', '/people', { filter: `inactiveAt eq "${integrations[0]}" and activeAccounts gt 0` }],
  ['department', '/people', { filter: 'department eq "legal"' }],
  ['department by name', '/people', { filter: 'department eq "Legal"', sort: 'display_name' }],
  ['department, active', '/people', { filter: 'department eq "Sales" and active eq true' }],
  ['role', '/people', { filter: 'role eq "employee"' }],
  ['by name', '/people', { sort: 'display_name' }],
  ['by name, backwards, active', '/people', { sort: '-display_name', filter: 'active eq true' }],
  ['by e-mail', '/people', { sort: 'email' }],
  ['newest', '/people', { sort: '-createdAt' }],
  ['last changed', '/people', { sort: '-changedAt' }],
  ['last active', '/people', { sort: '-lastActivityAt' }],
  ['search', '/people', { q: nameOf(Math.floor(size / 3)) }],
  ['accounts', '/accounts', {}],
  ['accounts of an integration', '/accounts', { filter: `integration eq "${integrations[1]}"` }],
  ['accounts of nobody', '/accounts', { filter: 'person eq null and active eq true' }],
  ['accounts never used', '/accounts', { filter: 'neverUsed eq true' }],
  ['accounts by last activity', '/accounts', { sort: 'lastActivityAt' }],
  ['accounts of an app', '/accounts', { filter: 'app eq "app-1" and active eq false' }],
  ['refused: contains', '/people', { filter: 'display_name co "zzz"' }, 400],
  ['refused: by job title', '/people', { sort: 'job_title' }, 400],
  ['refused: mark without index', '/people', { filter: 'protected eq true' }, 400],
];

const agent = new Agent({ keepAlive: true, maxSockets: 32 });

/**
 * @param {string} base
 * @param {string} path
 * @param {Record<string, string>} query
 * @returns {Promise<{ status: number, body: string }>}
 */
function ask(base, path, query) {
  const url = new URL(`${base}/api/v1${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      /** @type {Buffer[]} */
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/**
 * @param {number[]} sorted
 * @param {number} share
 */
const at = (sorted, share) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);

/**
 * @param {string} base
 * @param {Question} question
 * @param {number} clients
 */
async function measure(base, [name, path, query, wanted = 200], clients) {
  /** @type {number[]} */
  const taken = [];
  const statuses = new Map();
  const until = performance.now() + secondsEach * 1000;
  let items = 0;
  /** @type {string | null} */
  let next = null;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        const started = performance.now();
        // Every other request goes on where the one before ended, as a client does.
        /** @type {Record<string, string>} */
        const cursor = next !== null && taken.length % 2 === 1 ? { cursor: next } : {};
        const { status, body } = await ask(base, path, { ...query, ...cursor });
        taken.push(performance.now() - started);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status !== 200) continue;
        const page = JSON.parse(body);
        items = Math.max(items, page.items.length);
        next = page.page.next;
      }
    }),
  );
  taken.sort((a, b) => a - b);
  const told = [...statuses].map(([status, count]) => `${status}×${count}`).join(' ');
  console.log(
    `${name.padEnd(32)} ${String(clients).padStart(2)} clients  p50 ${at(taken, 0.5).padStart(7)}  p95 ${at(taken, 0.95).padStart(7)}  p99 ${at(taken, 0.99).padStart(7)} ms  ${items} items  ${told}`,
  );
  if (size > 20_000 && [...statuses.keys()].some((status) => status !== wanted)) failures.push(name);
}

try {
  const started = performance.now();
  await load();
  console.log(`${size} people with their accounts written in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  const ROLLCALL_BOOTSTRAP_API_KEY_HASH = createHash('sha256').update(key).digest('hex');
  const limits = { ROLLCALL_KEY_REQUESTS_PER_MINUTE: '1000000' };
  const variables = environment.variables({ NODE_ENV: 'development', ROLLCALL_BOOTSTRAP_API_KEY_HASH, ...limits });
  const gateway = await ServiceProcess.start({ service: 'gateway', root, variables });
  const base = `http://127.0.0.1:${gateway.port}`;
  const only = process.env.BENCH_ONLY;
  const asked = questions.filter(([name]) => only === undefined || name.includes(only));
  for (const question of asked) for (const clients of [1, 16]) await measure(base, question, clients);
  await gateway.stop();
} finally {
  agent.destroy();
  await environment.remove();
  await engines.stop();
  rmSync(directory, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`Answered otherwise than expected: ${[...new Set(failures)].join(', ')}`);
  process.exitCode = 1;
}
