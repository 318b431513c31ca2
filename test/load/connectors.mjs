/**
 * Benchmark of the connectors (`npm run bench:connectors`): each reads a whole company from its simulator, limits off,
 * through everything that stands below a connector in a service except the shared rate budget. One process reads, one
 * serves. Prints users per second, CPU microseconds per user of both, and how far the reader's memory rose above idle.
 * Bars: 15,000 users/s and 150 MB for the reader, 20,000 users/s from one core of the simulator.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { createVendorHttp, readAllUsers } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import { EgressClient } from '@rollcall/egress';

import { cpuSeconds } from './process-figures.mjs';
import { simulatedVendors } from './simulated-vendors.mjs';

const users = Number(process.env.BENCH_USERS ?? 100_000);
const root = new URL('../..', import.meta.url).pathname;
const bars = { perSecond: 15_000, megabytes: 150, simulatorPerCore: 20_000 };
const [role, vendor, origin] = process.argv.slice(2);

/** @param {readonly string[]} args */
function start(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return {
    pid: child.pid,
    async line() {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`${args.join(' ')} ended with ${await ended}`);
        if (value.startsWith('{')) return JSON.parse(value);
      }
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** @returns {import('./simulated-vendors.mjs').SimulatedVendor} */
const vendorCalled = (/** @type {string} */ name) =>
  simulatedVendors[/** @type {keyof typeof simulatedVendors} */ (name)];

const megabytes = () => process.memoryUsage().rss / 1024 / 1024;

/**
 * The token of an OAuth vendor, which a service gets from the vault.
 * @param {import('./simulated-vendors.mjs').SimulatedVendor} options
 */
async function accessToken({ tokenUrl, fields }) {
  const { clientId, clientSecret } = fields(origin);
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  });
  const response = await fetch(String(tokenUrl?.(origin)), { method: 'POST', body });
  if (!response.ok) throw new Error(`the token call answered ${response.status}`);
  const { access_token: token } = /** @type {{ access_token: string }} */ (await response.json());
  return token;
}

/** Child process: reads everything once and says what it cost. */
async function read() {
  const access = vendorCalled(vendor);
  const connector = connectors[vendor];
  const fields = access.tokenUrl ? { accessToken: await accessToken(access) } : access.fields(origin);
  const lease = {
    credential: 'bench',
    secretVersion: 1,
    tokenVersion: access.tokenUrl ? 1 : null,
    connector: vendor,
    type: access.type,
    baseUrl: `${origin}${access.basePath}`,
    fields,
  };
  const egress = EgressClient.create({ allowedHosts: ['127.0.0.1'], allowHttp: true, allowLoopback: true });
  const http = createVendorHttp({
    egress,
    manifest: connector.manifest,
    lease: () => lease,
    budget: { take: async () => undefined, notBefore: async () => undefined },
  });
  const context = { http, inputs: {}, load: connector.manifest.loads[0].id };
  globalThis.gc?.();
  const idle = megabytes();
  let peak = idle;
  const cpu = cpuSeconds(process.pid);
  const started = performance.now();
  const pages = readAllUsers(connector, context);
  let page = await pages.next();
  for (; !page.done; page = await pages.next()) peak = Math.max(peak, megabytes());
  const seconds = (performance.now() - started) / 1000;
  const spent = cpuSeconds(process.pid) - cpu;
  console.log(JSON.stringify({ distinct: page.value.distinct, seconds, cpu: spent, rise: peak - idle }));
  await egress.close();
}

/** @param {string} name */
async function measure(name) {
  const simulator = start(['--max-old-space-size=2048', 'apps/vendor-simulator/dist/main.js'], {
    ...vendorCalled(name).env,
    SIMULATOR_VENDORS: name,
    SIMULATOR_COMPANY: `load:${users}`,
    SIMULATOR_RATE_LIMIT_PER_SECOND: 'none',
  });
  try {
    const { urls } = await simulator.line();
    const before = cpuSeconds(simulator.pid);
    const reader = start(['--expose-gc', fileURLToPath(import.meta.url), 'read', name, urls[name]]);
    const { distinct, seconds, cpu, rise } = await reader.line();
    const served = cpuSeconds(simulator.pid) - before;
    if (distinct !== users) throw new Error(`${name}: ${distinct} of ${users} users were read`);
    return {
      name,
      perSecond: Math.round(users / seconds),
      readerMicros: (cpu * 1e6) / users,
      simulatorPerCore: Math.round(users / served),
      rise: Math.round(rise),
    };
  } finally {
    await simulator.stop();
  }
}

async function main() {
  console.log(`${users} users of each vendor.`);
  let met = true;
  for (const name of Object.keys(connectors)) {
    const figures = await measure(name);
    const { perSecond, readerMicros, simulatorPerCore, rise } = figures;
    const holds = perSecond >= bars.perSecond && rise <= bars.megabytes && simulatorPerCore >= bars.simulatorPerCore;
    met &&= holds;
    console.log(
      `${name.padEnd(20)} ${String(perSecond).padStart(7)} users/s   reader ${readerMicros.toFixed(1)} µs CPU/user, ` +
        `+${rise} MB   simulator ${simulatorPerCore} users/s of one core   ${holds ? 'bars met' : 'A BAR IS MISSED'}`,
    );
  }
  process.exitCode = met ? 0 : 1;
}

await (role === 'read' ? read() : main());
