/**
 * How long the vault takes to replace all of its keys under 100,000 credentials, while secrets are leased beside it
 * (`npm run bench:credentials`; wanted are 10 s for the key-encryption key, 2,000 texts a second for data
 * keys, and no failed lease). Figures, not a test.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ciphertexts, credentials, dataKeys, encryptionKeys } from '@rollcall/collections';
import { requestLease, rotateKeys } from '@rollcall/contracts';
import { startEngines } from '@rollcall/engines';
import {
  encryptField,
  generateSealKeyPair,
  KeyEncryptionKey,
  openLease,
  SecretString,
  unwrapDataKey,
  unwrapSecret,
} from '@rollcall/secrets';
import { createInfrastructure, parseEnvironment, serviceConfigSchema } from '@rollcall/service';
import { ServiceProcess, TestEnvironment, waitFor } from '@rollcall/testing';

import { placeOf } from '../../apps/credential-vault/dist/keys/field-place.js';
import { peakMegabytes } from './process-figures.mjs';

const count = Number(process.env.BENCH_CREDENTIALS ?? 100_000);
const leasesPerSecond = Number(process.env.BENCH_LEASES ?? 200);
const batch = 5_000;
const limitMs = 900_000;
const root = new URL('../..', import.meta.url).pathname;
const nodeFlags = ['--max-old-space-size=256', '--initial-old-space-size=128', '--max-semi-space-size=24'];
const directory = mkdtempSync(join(tmpdir(), 'rollcall-credentials-'));

const engines = await startEngines({ directory });
process.env.KAFKA_BROKERS = engines.kafkaBrokers;
process.env.MONGODB_URI = engines.mongodbUri;
const environment = await TestEnvironment.create();
const { databases } = environment;
const config = parseEnvironment(serviceConfigSchema, environment.variables());
const [gateway, syncRunner] = [
  await createInfrastructure('gateway', config),
  await createInfrastructure('sync-runner', config),
];

const [kek, nextKek] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const previous = join(directory, 'previous-kek');
writeFileSync(previous, kek, { mode: 0o600 });

const startVault = (/** @type {Record<string, string>} */ keys) =>
  ServiceProcess.start({
    service: 'credential-vault',
    root,
    nodeFlags,
    variables: environment.variables({ NODE_ENV: 'development', ...keys }),
    readyWithinMs: 120_000,
  });

/**
 * @template Result
 * @param {string} what
 * @param {number} items
 * @param {() => Promise<Result>} work
 */
async function timed(what, items, work) {
  const started = performance.now();
  const result = await work();
  const seconds = (performance.now() - started) / 1000;
  console.log(`${what}: ${seconds.toFixed(1)} s, ${Math.round(items / seconds)}/s`);
  return result;
}

async function currentKey() {
  const key = await databases.collection(dataKeys).findOne({ state: 'current' });
  if (!key) throw new Error('the vault has made no data key');
  return key;
}

/** Credentials as the vault would have stored them: each with one secret. @returns their ids */
async function fill() {
  const { _id, wrapped } = await currentKey();
  const dataKey = unwrapDataKey(KeyEncryptionKey.parse(kek), _id, wrapped);
  const at = new Date().toISOString();
  /** @type {string[]} */
  const ids = [];
  while (ids.length < count) {
    const made = Array.from({ length: Math.min(batch, count - ids.length) }, () => {
      const id = randomUUID();
      const about = {
        connector: 'example-vendor',
        type: /** @type {const} */ ('basic'),
        baseUrl: 'https://vendor.example.com',
      };
      const versions = { version: 1, secretVersion: 1, secretFields: ['password'] };
      return { _id: id, name: id, ...about, ...versions, attention: null, createdAt: at, updatedAt: at };
    });
    await databases.collection(credentials).insertMany(made);
    await databases.collection(ciphertexts).insertMany(
      made.map((credential) => {
        const place = placeOf(credential._id, credential, 'password', 1);
        const ciphertext = encryptField(dataKey, place, new SecretString(`example-${credential._id}`));
        const of = { credential: credential._id, field: 'password', secretVersion: 1 };
        return { _id: `${credential._id}/password`, ...of, dataKey: _id, ciphertext };
      }),
    );
    ids.push(...made.map((credential) => credential._id));
  }
  return ids;
}

/** @param {string} credential */
async function lease(credential) {
  const { publicKey, privateKey } = await generateSealKeyPair();
  const options = {
    ...{ aggregate: credential, actor: 'system:bench', correlationId: randomUUID(), idempotencyKey: randomUUID() },
    input: {
      credential,
      purpose: { kind: /** @type {const} */ ('run'), reference: 'bench' },
      publicKey,
      refused: null,
    },
  };
  const { outcome, reference } = await syncRunner.commandSender.send(requestLease, options, 60_000);
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  const { fields } = await openLease({ privateKey, commandId: reference.id, sealed: outcome.result.sealed });
  if (unwrapSecret(fields.password) !== `example-${credential}`) throw new Error('another value');
}

/**
 * Leases at an even rate until stopped.
 * @param {readonly string[]} ids
 */
function leaseBeside(ids) {
  /** @type {number[]} */
  const times = [];
  /** @type {string[]} */
  const failed = [];
  const open = new Set();
  const timer = setInterval(() => {
    const started = performance.now();
    const one = lease(ids[Math.floor(Math.random() * ids.length)])
      .then(() => times.push(performance.now() - started))
      .catch((error) => failed.push(String(error)))
      .finally(() => open.delete(one));
    open.add(one);
  }, 1000 / leasesPerSecond);
  return async () => {
    clearInterval(timer);
    await Promise.all(open);
    times.sort((one, other) => one - other);
    const at = (/** @type {number} */ share) => Math.round(times[Math.floor((times.length - 1) * share)] ?? 0);
    console.log(
      `leases beside: ${times.length}, ${failed.length} failed, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms by way of Kafka`,
    );
    if (failed.length > 0) console.log(failed[0]);
  };
}

/** @param {'data-key' | 'key-encryption-key'} what */
async function rotate(what) {
  const options = {
    ...{ aggregate: 'encryption-keys', actor: 'operator-bench', correlationId: randomUUID() },
    ...{ idempotencyKey: randomUUID(), input: { what } },
  };
  const { outcome } = await gateway.commandSender.send(rotateKeys, options, limitMs);
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  await waitFor(
    'the rotation to be finished',
    async () => {
      const current = await currentKey();
      const left = await databases.collection(ciphertexts).countDocuments({ dataKey: { $ne: current._id } });
      const told = await databases.collection(encryptionKeys).findOne();
      return left === 0 && told?.rotation?.finishedAt !== null;
    },
    limitMs,
  );
}

let vault = await startVault({ ROLLCALL_KEK: kek });
try {
  const ids = await timed(`storing ${count} credentials past the vault`, count, fill);
  let stop = leaseBeside(ids);
  await timed('data key replaced, all texts encrypted again', count, () => rotate('data-key'));
  await stop();
  await vault.stop();
  vault = await startVault({ ROLLCALL_KEK: nextKek, ROLLCALL_KEK_PREVIOUS_FILE: previous });
  stop = leaseBeside(ids);
  await timed('key-encryption key replaced', count, () => rotate('key-encryption-key'));
  await stop();
  console.log(`vault: ${peakMegabytes(vault.pid)} MB at most`);
} finally {
  await vault.stop();
  await gateway.close();
  await syncRunner.close();
  await environment.remove();
  await engines.stop();
  rmSync(directory, { recursive: true, force: true });
}
