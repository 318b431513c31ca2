/**
 * How long mapping takes to carry out and to take back a sweep of everybody (`npm run bench:undo`; reliability: P11 asks
 * for 200,000 within 60 s). sync-runner's part is played by the script, which lets the sweep pass. Figures, not a test.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fields, integrations, mappings, settings } from '@rollcall/collections';
import { builtInFields, topicsOwnedBy } from '@rollcall/contracts';
import { startEngines } from '@rollcall/engines';
import { ensureTopics } from '@rollcall/messaging';
import { buildUser, RawRecordsDriver, ServiceProcess, TestEnvironment } from '@rollcall/testing';

const users = Number(process.env.BENCH_USERS ?? 200_000);
const root = new URL('../..', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'rollcall-undo-'));
const nodeFlags = [
  ...(process.env.BENCH_NODE_FLAGS?.split(' ') ?? []),
  '--max-old-space-size=256',
  '--initial-old-space-size=128',
  '--max-semi-space-size=24',
];
const limitMs = 600_000;

const engines = await startEngines({ directory });
process.env.KAFKA_BROKERS = engines.kafkaBrokers;
process.env.MONGODB_URI = engines.mongodbUri;
const environment = await TestEnvironment.create();
const { databases, kafka } = environment;

/**
 * What mapping and sync-runner would have stored when the integration was made.
 * @param {string} id
 */
async function integrate(id) {
  await databases.ensure('mapping');
  await databases.ensure('sync-runner');
  await ensureTopics(kafka, topicsOwnedBy('sync-runner'), 1);
  await databases
    .collection(fields)
    .insertMany(builtInFields.map((field) => ({ _id: field.variable, ...field, builtIn: true })));
  const entry = (/** @type {string} */ to, /** @type {string} */ path) => ({
    to,
    from: { kind: /** @type {const} */ ('field'), path },
  });
  const definition = { entries: [entry('email', 'email'), entry('display_name', 'name')], syncKeys: ['email'] };
  const mapping = { integration: id, version: 1, definition, createdAt: new Date() };
  await databases.collection(mappings).insertOne({ _id: `${id}/1`, ...mapping });
  const place = { priority: 1, authoritative: false, name: id, connector: 'test' };
  const fold = { version: 1, concerns: 1, uniqueFields: ['email'], integrations: { [id]: place } };
  await databases.collection(settings).insertOne({ _id: 'fold', ...fold });
  await databases.collection(integrations).insertOne(
    /** @type {import('../../libs/collections/dist/index.js').IntegrationDocument} */ ({
      _id: id,
      name: id,
      deactivate: { enabled: true, onHold: false },
    }),
  );
}

/**
 * @template Result
 * @param {string} what
 * @param {() => Promise<Result>} work
 */
async function timed(what, work) {
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  console.log(`${what}: ${seconds.toFixed(1)} s, ${Math.round(users / seconds)} users/s`);
  return result;
}

await integrate('acme');
const service = 'mapping';
const variables = environment.variables({ NODE_ENV: 'development' });
const mapping = await ServiceProcess.start({ service, root, variables, nodeFlags });
const driver = new RawRecordsDriver(environment, 'acme', 0);
const everybody = Array.from({ length: users }, (_, index) => buildUser(`u${index}`));
await timed(`first load of ${users} users`, async () => {
  await driver.read('load', everybody);
  await driver.report('load', 'mapped', limitMs);
});
const g = await driver.read('leave', [buildUser('somebody-else')]);
const staged = await driver.report('leave', 'mapped', limitMs);
await driver.runs.pass('leave');
const swept = await timed(`sweep of ${staged.staged} lines`, async () => {
  await driver.send([{ k: 'sweep', i: 'acme', g, r: 'leave' }]);
  return driver.report('leave', 'swept', limitMs);
});
const undone = await timed(`undo of ${swept.deactivated}`, async () => {
  await driver.undo('leave');
  return driver.report('leave', 'undone', limitMs);
});
console.log(`reactivated ${undone.reactivated} of ${users}, ${undone.conflicts} in conflict`);
await mapping.stop();
await environment.remove();
await engines.stop();
rmSync(directory, { recursive: true, force: true });
