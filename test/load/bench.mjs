/**
 * Benchmark of the main job, everything in one go on the same engines (`npm run bench`):
 *   a  a hand-written ceiling (ceiling.mjs),
 *   b  the pipeline from simulated vendor to acknowledged events, first load and unchanged,
 *   c  two integrations over the same people, one after the other and at once.
 * Prints users per second, CPU microseconds per user of every process, peak memory and the ratios. Only ratios of one
 * run mean anything: machines differ and are noisy.
 */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { formatApiKey, serviceNames } from '@rollcall/contracts';
import { listProcesses, startEngines } from '@rollcall/engines';
import { ServiceProcess, TestEnvironment } from '@rollcall/testing';

import { CpuMeter, peakMegabytes } from './process-figures.mjs';
import { simulatedVendors } from './simulated-vendors.mjs';

const users = Number(process.env.BENCH_USERS ?? 100_000);
const root = new URL('../..', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
const nodeFlags = ['--max-old-space-size=256', '--initial-old-space-size=128', '--max-semi-space-size=24'];

/**
 * @typedef {Record<string, number | undefined>} Pids of processes by name
 * @typedef {Awaited<ReturnType<typeof startInstallation>>} Installation
 * @typedef {{ perSecond: number, cpu: Record<string, number> }} Figures
 */

const say = (/** @type {string} */ text) => console.log(text);
const rate = (/** @type {number} */ count, /** @type {number} */ seconds) => Math.round(count / seconds);

/**
 * A helper process of the benchmark that talks in lines.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function startScript(args, env) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  /** @type {((value?: unknown) => void)[]} */
  const waiting = [];
  /** @type {string[]} */
  const seen = [];
  lines.on('line', (line) => {
    seen.push(line);
    for (const one of waiting.splice(0)) one();
  });
  return {
    child,
    async line(/** @type {(line: string) => boolean} */ matches) {
      for (;;) {
        const found = seen.find(matches);
        if (found) return found;
        if (child.exitCode) throw new Error(`${args.join(' ')} ended with ${child.exitCode}`);
        await new Promise((resolve) => waiting.push(resolve));
      }
    },
    end: () =>
      new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve) : resolve(child.exitCode))),
  };
}

/** @param {Pids} enginePids */
async function ceiling(enginePids) {
  const namespace = `ceiling${Date.now()}`;
  const script = (/** @type {string} */ role) => startScript(['test/load/ceiling.mjs', role, String(users), namespace]);
  await script('topics').end();
  const figures = /** @type {Record<'first' | 'unchanged', Figures>} */ ({});
  for (const round of /** @type {const} */ (['first', 'unchanged'])) {
    const consumer = script('consume');
    const producer = script('produce');
    await Promise.all([consumer.line((line) => line === 'ready'), producer.line((line) => line === 'ready')]);
    const meter = new CpuMeter({ produce: producer.child.pid, consume: consumer.child.pid, ...enginePids });
    const started = performance.now();
    producer.child.stdin.write('go\n');
    await consumer.line((line) => line === 'done');
    figures[round] = { perSecond: rate(users, (performance.now() - started) / 1000), cpu: meter.perUser(users) };
    producer.child.stdin.write('end\n');
    await Promise.all([consumer.end(), producer.end()]);
  }
  return figures;
}

async function startInstallation() {
  const environment = await TestEnvironment.create();
  const simulator = startScript(['--max-old-space-size=2048', 'apps/vendor-simulator/dist/main.js'], {
    SIMULATOR_COMPANY: `load:${users}`,
    SIMULATOR_VENDORS: 'lastpass,jumpcloud',
    SIMULATOR_RATE_LIMIT_PER_SECOND: 'none',
    ...simulatedVendors.lastpass.env,
    ...simulatedVendors.jumpcloud.env,
    SIMULATOR_LEDGER_FILE: join(directory, `ledger-${Date.now()}.jsonl`),
  });
  const { urls } = JSON.parse(await simulator.line((line) => line.startsWith('{"ready"')));
  const apiKey = formatApiKey('bench', randomBytes(32).toString('hex'));
  const kek = join(directory, 'kek');
  writeFileSync(kek, randomBytes(32).toString('base64'), { mode: 0o600 });
  /** @type {Record<string, Record<string, string>>} */
  const own = {
    gateway: { ROLLCALL_BOOTSTRAP_API_KEY_HASH: createHash('sha256').update(apiKey).digest('hex') },
    'credential-vault': { ROLLCALL_KEK_FILE: kek, ALLOW_LOOPBACK: 'true' },
    'sync-runner': { ALLOW_LOOPBACK: 'true', RATE_BUDGET_FACTOR: '1000' },
    workflow: { ALLOW_LOOPBACK: 'true', RATE_BUDGET_FACTOR: '1000' },
    notifier: { SMTP_URL: 'smtp://127.0.0.1:2525', MAIL_FROM: 'bench@example.com' },
  };
  const services = new Map();
  await Promise.all(
    serviceNames.map(async (service) => {
      const variables = environment.variables({ NODE_ENV: 'development', LOG_LEVEL: 'warn', ...own[service] });
      services.set(
        service,
        await ServiceProcess.start({ service, root, variables, nodeFlags, logFile: join(directory, `${service}.log`) }),
      );
    }),
  );
  return { environment, simulator, urls, apiKey, services, gateway: services.get('gateway').url };
}

/**
 * @param {Installation} installation
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<ReturnType<JSON['parse']>>} what the API answered
 */
async function call(installation, method, path, body) {
  const response = await fetch(`${installation.gateway}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${installation.apiKey}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/**
 * @param {Installation} installation
 * @param {keyof typeof simulatedVendors} connector
 */
async function connect(installation, connector) {
  const { type, basePath, fields } = simulatedVendors[connector];
  const origin = installation.urls[connector];
  const credential = await call(installation, 'POST', '/credentials', {
    name: connector,
    connector,
    type,
    baseUrl: `${origin}${basePath}`,
    fields: fields(origin),
    ownUsers: [],
  });
  const { id } = await call(installation, 'POST', '/integrations', {
    name: connector,
    connector,
    credential: credential.id,
    deactivate: true,
  });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await call(installation, 'POST', `/integrations/${id}/launch`);
      return id;
    } catch (error) {
      if (attempt >= 60) throw error;
      await sleep(250);
    }
  }
}

/**
 * One run from the request to its end; the end comes after the acknowledgement of its last event.
 * @param {Installation} installation
 * @param {string} integration
 */
async function run(installation, integration) {
  const { id } = await call(installation, 'POST', `/integrations/${integration}/runs`);
  for (;;) {
    const current = await call(installation, 'GET', `/runs/${id}`);
    if (current.endedAt) {
      if (!current.state.startsWith('completed')) throw new Error(`run ${current.state}: ${current.reason?.message}`);
      return current;
    }
    await sleep(200);
  }
}

/**
 * @param {Installation} installation
 * @param {Pids} enginePids
 */
function pidsOf(installation, enginePids) {
  const services = Object.fromEntries([...installation.services].map(([name, service]) => [name, service.pid]));
  return { simulator: installation.simulator.child.pid, ...services, ...enginePids };
}

/**
 * @param {Pids} pids
 * @param {number} count
 * @param {() => Promise<unknown>} work
 */
async function measured(pids, count, work) {
  const meter = new CpuMeter(pids);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { perSecond: rate(count, seconds), seconds, cpu: meter.perUser(count) };
}

/** @param {Installation} installation */
async function stop(installation) {
  await Promise.all([...installation.services.values()].map((service) => service.stop()));
  installation.simulator.child.kill('SIGTERM');
  await installation.simulator.end();
  await installation.environment.remove();
}

/** @param {Pids} enginePids */
async function pipeline(enginePids) {
  const installation = await startInstallation();
  const pids = pidsOf(installation, enginePids);
  const [first, second] = [await connect(installation, 'lastpass'), await connect(installation, 'jumpcloud')];
  const figures = {
    first: await measured(pids, users, () => run(installation, first)),
    unchanged: await measured(pids, users, () => run(installation, first)),
    second: await measured(pids, users, () => run(installation, second)),
  };
  const memory = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, peakMegabytes(pid)]));
  await stop(installation);
  return { figures, memory };
}

/** @param {Pids} enginePids */
async function atOnce(enginePids) {
  const installation = await startInstallation();
  const pids = pidsOf(installation, enginePids);
  const ids = [await connect(installation, 'lastpass'), await connect(installation, 'jumpcloud')];
  const figures = await measured(pids, 2 * users, () => Promise.all(ids.map((id) => run(installation, id))));
  const memory = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, peakMegabytes(pid)]));
  await stop(installation);
  return { figures, memory };
}

/**
 * @param {string} name
 * @param {Figures} figures
 */
function printFigures(name, { perSecond, cpu }) {
  const total = Object.values(cpu).reduce((sum, value) => sum + value, 0);
  say(
    `${name.padEnd(34)} ${String(perSecond).padStart(7)} users/s   CPU µs/user ${total.toFixed(0).padStart(4)}:  ${Object.entries(
      cpu,
    )
      .map(([process, value]) => `${process} ${value}`)
      .join('  ')}`,
  );
}

const engines = await startEngines({ directory, freshData: true, log: (line) => console.error(line) });
process.env.KAFKA_BROKERS = engines.kafkaBrokers;
process.env.MONGODB_URI = engines.mongodbUri;
process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';
try {
  const enginePids = Object.fromEntries((await listProcesses(directory)).map(({ name, pid }) => [name, pid]));
  say(`${users} users. ${engines.descriptions.join(' ')}`);
  const a = await ceiling(enginePids);
  printFigures('a  ceiling, first load', a.first);
  printFigures('a  ceiling, unchanged', a.unchanged);
  const b = await pipeline(enginePids);
  printFigures('b  pipeline, first load', b.figures.first);
  printFigures('b  pipeline, unchanged', b.figures.unchanged);
  printFigures('c  second integration, afterwards', b.figures.second);
  const c = await atOnce(enginePids);
  printFigures('c  both integrations at once', c.figures);
  const oneAfterTheOther = rate(2 * users, b.figures.first.seconds + b.figures.second.seconds);
  const ratios = {
    firstLoad: b.figures.first.perSecond / a.first.perSecond,
    unchanged: b.figures.unchanged.perSecond / a.unchanged.perSecond,
    atOnce: c.figures.perSecond / oneAfterTheOther,
  };
  const memory = Object.fromEntries(
    Object.keys(b.memory).map((name) => [name, Math.max(b.memory[name], c.memory[name])]),
  );
  say(
    `peak MB: ${Object.entries(memory)
      .map(([name, value]) => `${name} ${value}`)
      .join('  ')}`,
  );
  say(
    `ratios: b/a first load ${ratios.firstLoad.toFixed(2)} (bar 0.5), b/a unchanged ${ratios.unchanged.toFixed(2)} (bar 0.5), at once / one after the other ${ratios.atOnce.toFixed(2)} (bar 0.6)`,
  );
  const heaviest = Math.max(...serviceNames.map((name) => memory[name]));
  const met = ratios.firstLoad >= 0.5 && ratios.unchanged >= 0.5 && ratios.atOnce >= 0.6 && heaviest <= 350;
  say(met ? 'All bars are met.' : 'A bar is missed.');
  process.exitCode = met ? 0 : 1;
} finally {
  await engines.stop();
  rmSync(directory, { recursive: true, force: true });
}
