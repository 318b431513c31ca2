/**
 * How much 200 people who sign in at once slow the API for everybody else (`npm run bench:sign-ins`). Four clients read a
 * list all the time; rounds without and with a storm alternate. Each sign-in comes from an address of its own, with the
 * right password. Figures, not a test.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { credentials } from '@rollcall/collections';
import { formatApiKey } from '@rollcall/contracts';
import { startEngines } from '@rollcall/engines';
import { ServiceProcess, TestEnvironment } from '@rollcall/testing';

const [signIns, readers, rounds] = [200, 4, 5];
const root = new URL('../..', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'rollcall-sign-ins-'));
const apiKey = formatApiKey('bench', randomBytes(32).toString('hex'));
const person = { email: 'ada@example.com', name: 'Ada Example', password: 'an example password of many words' };

const engines = await startEngines({ directory });
process.env.KAFKA_BROKERS = engines.kafkaBrokers;
process.env.MONGODB_URI = engines.mongodbUri;
const environment = await TestEnvironment.create();
await environment.databases.ensure('credential-vault');
const now = new Date().toISOString();
await environment.databases.collection(credentials).insertMany(
  Array.from({ length: 50 }, (_, at) => ({
    _id: `c${at}`,
    version: 1,
    name: `Credential ${at}`,
    connector: 'example-vendor',
    type: 'api-key',
    baseUrl: 'https://vendor.example.com',
    secretFields: ['key'],
    secretVersion: 1,
    attention: null,
    createdAt: now,
    updatedAt: now,
  })),
);
const variables = environment.variables({
  ROLLCALL_BOOTSTRAP_API_KEY_HASH: createHash('sha256').update(apiKey).digest('hex'),
  ROLLCALL_KEY_REQUESTS_PER_MINUTE: '1000000',
});
const gateway = await ServiceProcess.start({ service: 'gateway', root, variables });
const agent = new Agent({ keepAlive: true });

/**
 * Answers with status and body.
 * @param {import('node:http').RequestOptions} [options] of Node's request
 * @returns {Promise<{ status: number | undefined, body: ReturnType<JSON['parse']> }>}
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 */
function call(method, path, body, options = {}) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...options.headers };
    const url = new URL(`/api/v1${path}`, gateway.url);
    const sent = request(url, { method, agent, ...options, headers }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode, body: text === '' ? null : JSON.parse(text) }));
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
const withKey = { headers: { authorization: `Bearer ${apiKey}` } };

const { body: link } = await call('POST', '/operators/first-administrator-link', undefined, withKey);
const redeemed = await call('POST', '/session/link', { token: link.token, ...person });
if (redeemed.status !== 200) throw new Error(`the first administrator was refused: ${JSON.stringify(redeemed)}`);

/**
 * Reads until `work` is over. @returns requests a second, and the slowest of 95 in a hundred in milliseconds
 * @param {() => Promise<unknown>} work
 */
async function reading(work) {
  let isOver = false;
  /** @type {number[]} */
  const took = [];
  const one = async () => {
    while (!isOver) {
      const from = performance.now();
      const { status } = await call('GET', '/credentials?limit=50', undefined, withKey);
      if (status !== 200) throw new Error(`a list was answered with ${status}`);
      took.push(performance.now() - from);
    }
  };
  const from = performance.now();
  const all = Array.from({ length: readers }, one);
  await work();
  isOver = true;
  await Promise.all(all);
  const seconds = (performance.now() - from) / 1000;
  took.sort((left, right) => left - right);
  return { perSecond: took.length / seconds, p95: took[Math.floor(took.length * 0.95)], seconds };
}

async function storm() {
  const { email, password } = person;
  const answers = await Promise.all(
    Array.from({ length: signIns }, (_, at) =>
      call('POST', '/session', { email, password }, { agent: undefined, localAddress: `127.0.1.${at + 1}` }),
    ),
  );
  const refused = answers.filter(({ status }) => status !== 200);
  if (refused.length > 0) throw new Error(`${refused.length} sign-ins failed: ${JSON.stringify(refused[0])}`);
}

await reading(() => new Promise((resolve) => setTimeout(resolve, 5_000)));
const ratios = [];
for (let round = 0; round < rounds; round += 1) {
  const stormy = await reading(storm);
  const quiet = await reading(() => new Promise((resolve) => setTimeout(resolve, stormy.seconds * 1000)));
  ratios.push(stormy.perSecond / quiet.perSecond);
  const of = (/** @type {{ perSecond: number, p95: number }} */ { perSecond, p95 }) =>
    `${perSecond.toFixed(0)} lists/s, p95 ${p95.toFixed(1)} ms`;
  console.log(`quiet ${of(quiet)}; ${signIns} sign-ins in ${stormy.seconds.toFixed(1)} s: ${of(stormy)}`);
}
ratios.sort((left, right) => left - right);
console.log(`lists with sign-ins per list without: median ${ratios[Math.floor(rounds / 2)].toFixed(2)}`);
await gateway.stop();
await environment.remove();
await engines.stop();
agent.destroy();
rmSync(directory, { recursive: true, force: true });
