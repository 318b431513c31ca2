/**
 * How long a document stays locked after the process that was writing it in a transaction was killed
 * (`npm run bench:killed-writer`; ADR 0011), as the database does it by itself and as the services do it. Figures, not a test.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { AbandonedTransactions, apps, Databases, lookForAbandonedEveryMs } from '@rollcall/collections';
import { startEngines } from '@rollcall/engines';

const [, , uri] = process.argv;
const connect = (/** @type {string} */ mongodbUri) =>
  Databases.connect({ uri: mongodbUri, namespace: 'bench', appName: 'mapping' });
const write = (
  /** @type {Databases} */ databases,
  /** @type {import('mongodb').ClientSession | undefined} */ session = undefined,
) => databases.collection(apps).updateOne({ _id: 'app' }, { $inc: { writes: 1 } }, { session });

if (uri === undefined) await measure();
else await holdAndWait(uri);

/**
 * In a child process: writes in a transaction, and waits to be killed.
 * @param {string} mongodbUri
 */
async function holdAndWait(mongodbUri) {
  const databases = await connect(mongodbUri);
  const session = databases.client.startSession();
  session.startTransaction();
  await write(databases, session);
  process.send?.('held');
  await sleep(600_000);
}

async function measure() {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-killed-writer-'));
  const engines = await startEngines({ directory });
  const databases = await connect(engines.mongodbUri);
  await databases
    .collection(apps)
    .insertOne(/** @type {import('../../libs/collections/dist/index.js').AppDocument} */ ({ _id: 'app' }));
  console.log(`the database alone: ${await lockedFor(engines, databases)} s`);
  const abandoned = new AbandonedTransactions(databases);
  const looks = setInterval(() => abandoned.end(), lookForAbandonedEveryMs);
  const seconds = [];
  for (let count = 0; count < 5; count += 1) seconds.push(await lockedFor(engines, databases));
  clearInterval(looks);
  console.log(`with looks every ${lookForAbandonedEveryMs / 1000} s: ${seconds.join(', ')} s`);
  await databases.close();
  await engines.stop();
  rmSync(directory, { recursive: true, force: true });
}

/**
 * Seconds from the kill of a writer to the next write.
 * @param {{ mongodbUri: string }} options
 * @param {Databases} databases
 */
async function lockedFor({ mongodbUri }, databases) {
  const child = fork(fileURLToPath(import.meta.url), [mongodbUri]);
  await once(child, 'message');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killedAt = performance.now();
  await write(databases);
  return ((performance.now() - killedAt) / 1000).toFixed(1);
}
