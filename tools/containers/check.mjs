// Builds the image, brings up the whole compose file on free ports, plays the demo in it, kills and restarts what runs, and
// takes everything down: npm run check:containers [-- --built]; --built takes the
// image of an earlier build. Needs a Docker daemon with Compose 2, or root on Debian.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { ensureBaseImages } from './base-images.mjs';
import { describeStack, root, UNDO_WINDOW_S } from './check-stack.mjs';
import { run } from './commands.mjs';
import { findDocker, workDirectory } from './docker.mjs';

const IMAGE = 'rollcall:0.1.0';
const SERVICES = ['gateway', 'credential-vault', 'sync-runner', 'mapping', 'workflow', 'notifier'];
const ENGINES = ['kafka', 'mongodb'];
const began = Date.now();
const log = (/** @type {string} */ line) =>
  console.log(`[${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s] ${line}`);
const lines = (/** @type {string} */ text) => text.split('\n').filter(Boolean);

async function build() {
  const standIns = await ensureBaseImages(docker, { directory: workDirectory(), log });
  log(
    standIns.length === 0 ? 'Base images: the published ones.' : `Base images: stand-ins for ${standIns.join(', ')}.`,
  );
  if (!process.argv.includes('--built')) {
    log('Building the image …');
    // A daemon of our own lets containers out by the machine's network only.
    const network = docker.isOwn ? ['--network', 'host'] : [];
    const file = `${root}/deploy/docker/Dockerfile`;
    await run(['docker', 'build', '--quiet', ...network, '--file', file, '--tag', IMAGE, root], { env: docker.env });
  }
  const shell = (/** @type {string} */ script) => stack.docker('run', '--rm', IMAGE, 'sh', '-c', script);
  const strangers =
    "find /app/apps /app/libs -name '*.ts' -o -name '*.spec.*' -o -path '/app/apps/vendor-simulator*' -o -path '/app/libs/testing*'";
  assert.equal(await shell(strangers), '', 'sources, tests or simulated vendors in the image');
  assert.match(await shell('node --version'), /^v24\./);
}

async function up() {
  await stack.compose('ps');
  log('Starting everything …');
  await stack.compose('up', '--detach', '--no-build', '--quiet-pull');
  await untilHealthy();
  const apiKey = await stack.compose('run', '--rm', '--no-deps', 'provision', 'cat', '/keys/api-key');
  assert.equal(await statusOf('/runs', apiKey), 200);
  assert.equal(await statusOf('/runs', `${apiKey.slice(0, -2)}00`), 401);
  log('All services are healthy. The first API key opens the API, another one does not.');
  return apiKey;
}

async function eachServiceSeesItsKeysOnly() {
  for (const service of SERVICES) {
    const found = lines(await stack.compose('exec', '-T', service, 'ls', '/keys'));
    const foreign = found.filter((name) => name.endsWith('.key.pem') && name !== `${service}.key.pem`);
    const sealed = /** @type {Record<string, string>} */ ({ 'credential-vault': 'vault', notifier: 'mail' })[service];
    const expected = sealed === undefined ? [] : [`${sealed}-encryption.key.pem`];
    assert.deepEqual(foreign, expected, `${service} sees private keys of others`);
    assert.equal(found.includes('api-key'), false, `${service} sees the first API key`);
  }
  log('Each service sees its own private keys only.');
}

/** @param {string} apiKey */
async function playDemo(apiKey) {
  const { runDemo } = await import('../../apps/cli/dist/demo/run-demo.js');
  const { gatewayUrl, simulatorControlUrl, vendors, engines } = stack;
  const mail = {
    get received() {
      return receivedMails();
    },
  };
  const outcome = await runDemo({
    ...{ gatewayUrl, apiKey, simulatorControlUrl, vendors, engines, mail },
    undoWindowSeconds: UNDO_WINDOW_S,
    print: (text) => console.log(text),
  });
  assert.deepEqual(outcome.unmet, []);
  const { deactivated, workflowRuns, mails } = outcome.numbers;
  assert.ok(deactivated > 0 && workflowRuns > 0 && mails > 0, JSON.stringify(outcome.numbers));
  log(`The demo is right in every number: ${JSON.stringify(outcome.numbers)}`);
}

/**
 * @typedef {{ Address: string }} Address
 * @typedef {{ To: Address[], Subject: string }} Mail
 */

/** Asked at once, as the demo does with its own mail server. */
function receivedMails() {
  const script = `fetch('${stack.mailUrl}/api/v1/messages').then((r) => r.text()).then((text) => console.log(text))`;
  const { messages } = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
  return messages.map((/** @type {Mail} */ { To, Subject }) => ({
    to: To.map((/** @type {Address} */ { Address }) => Address),
    subject: Subject,
  }));
}

/** @param {string} apiKey */
async function everythingKilledComesBack(apiKey) {
  for (const service of SERVICES) {
    const restarts = await restartsOf(service);
    // The first process is Docker's init; its child is the service. Docker restarts what ends so, but not "docker kill".
    const kill = 'kill -9 $(cat /proc/1/task/1/children)';
    await stack.compose('exec', '-T', service, 'sh', '-c', kill).catch(() => undefined);
    await until(`${service} to be restarted`, async () => (await restartsOf(service)) > restarts);
  }
  for (const engine of ENGINES) {
    await stack.compose('kill', engine);
    await stack.compose('start', engine);
  }
  await untilHealthy();
  await aRunCompletes(apiKey);
  log('Every service and engine was killed, came back, and a run completes.');
}

/** @param {string} apiKey */
async function stopsInGoodOrderAndKeepsItsData(apiKey) {
  const count = async () => (await get('/people?limit=1&include=total', apiKey)).page.total;
  const found = await count();
  await stack.compose('stop');
  for (const service of SERVICES) {
    assert.equal(await inspect(service, '{{.State.ExitCode}}'), '0', `exit code of ${service}`);
    const last = await stack.compose('logs', '--no-log-prefix', '--no-color', '--tail', '1', service);
    assert.equal(JSON.parse(last.slice(last.indexOf('{'))).message, 'stopped', `last line of ${service}: ${last}`);
  }
  await stack.compose('up', '--detach', '--no-build');
  await untilHealthy();
  assert.equal(await count(), found, 'data after a stop and a start');
  await aRunCompletes(apiKey);
  log('Every service stops with exit code 0 and "stopped"; after a start the data is there and a run completes.');
}

/**
 * Of a vendor other than the first, whose credential the demo breaks.
 * @param {string} apiKey
 */
async function aRunCompletes(apiKey) {
  const { DemoClient } = await import('../../apps/cli/dist/demo/demo-client.js');
  const { runOnce } = await import('../../apps/cli/dist/demo/demo-steps.js');
  const [, { connector, name }] = stack.vendors;
  const { items } = await get('/integrations', apiKey);
  const integration = String(items.find((one) => one.connector === connector)?.id);
  const ended = await runOnce(new DemoClient(stack.gatewayUrl, apiKey), { integration, name });
  // With errors: the demo company has users whose e-mail addresses clash.
  assert.match(ended.state, /^completed(-with-errors)?$/, JSON.stringify(ended.reason));
}

const restartsOf = async (/** @type {string} */ service) => Number(await inspect(service, '{{.RestartCount}}'));

/**
 * @param {string} service
 * @param {string} format
 */
async function inspect(service, format) {
  return stack.docker('inspect', '--format', format, await stack.compose('ps', '--all', '--quiet', service));
}

const request = (/** @type {string} */ path, /** @type {string} */ apiKey) =>
  fetch(`${stack.gatewayUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${apiKey}` } });
const statusOf = async (/** @type {string} */ path, /** @type {string} */ apiKey) =>
  (await request(path, apiKey)).status;
/** A list, as the API answers it. */
const get = async (/** @type {string} */ path, /** @type {string} */ apiKey) =>
  /** @type {{ items: { id: string, connector: string }[], page: { total: number } }} */ (
    await (await request(path, apiKey)).json()
  );

function untilHealthy() {
  return until('everything to be healthy', async () => {
    const states = await Promise.all(
      [...SERVICES, ...ENGINES].map((name) => inspect(name, '{{.State.Health.Status}}')),
    );
    return states.every((state) => state === 'healthy');
  });
}

/**
 * A machine that is busy with other things needs minutes for what takes seconds otherwise.
 * @param {string} what
 * @param {() => Promise<boolean>} condition
 */
async function until(what, condition, limitMs = 600_000) {
  const deadline = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${limitMs / 1000} s for ${what}`);
    await sleep(1_000);
  }
}

/** All containers, volumes and networks, to be compared at the end. */
async function leftovers() {
  const kinds = [
    ['ps', '--all'],
    ['volume', 'ls'],
    ['network', 'ls'],
  ];
  return Promise.all(kinds.map(async (kind) => lines(await stack.docker(...kind, '--quiet')).sort()));
}

async function cleanUp() {
  try {
    await stack.compose('down', '--volumes', '--timeout', '30');
    assert.deepEqual(await leftovers(), before, 'containers, volumes or networks are left behind');
  } finally {
    rmSync(stack.override, { force: true });
    await docker.stop();
  }
}

const docker = await findDocker({ log });
const stack = await describeStack(docker, workDirectory());
for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
const before = await leftovers();
try {
  await build();
  const apiKey = await up();
  await eachServiceSeesItsKeysOnly();
  await playDemo(apiKey);
  await everythingKilledComesBack(apiKey);
  await stopsInGoodOrderAndKeepsItsData(apiKey);
} catch (error) {
  console.error(await stack.compose('ps', '--all').catch(() => ''));
  console.error(await stack.compose('logs', '--no-color', '--tail', '15').catch(() => ''));
  throw error;
} finally {
  await cleanUp();
}
log('Everything is taken down. The containers do what docker-compose.yml promises.');
