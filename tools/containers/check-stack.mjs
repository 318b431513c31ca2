import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run } from './commands.mjs';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const cli = (/** @type {string} */ file) =>
  import(new URL(`../../apps/cli/dist/demo/${file}.js`, import.meta.url).href);

const VENDOR_PORTS = 4_011;
const CONTROL_PORT = 4_010;
const OPEN_CONTROL_PORT = 4_100;
/** Those that call vendors, each on a port of its own, since they share one address with the simulated vendors. */
const CALLERS = { 'credential-vault': 3_001, 'sync-runner': 3_002, workflow: 3_003 };
export const UNDO_WINDOW_S = 3;

/**
 * The compose file as it is, under a name and on ports of its own, with simulated vendors beside it.
 * @param {{ env: NodeJS.ProcessEnv }} docker
 * @param {string} directory for the override file
 */
export async function describeStack({ env }, directory) {
  const [gateway, kafka, mail, mongodb, control] = await freePorts(5);
  const project = `rollcall-check-${process.pid}`;
  const { newCredentials, simulatorVariables } = await cli('demo-simulator-process');
  const { demoVendors, vendorAccessOf } = await cli('vendor-access');
  const ports = new Map(/** @type {string[]} */ (demoVendors).map((vendor, index) => [vendor, VENDOR_PORTS + index]));
  const credentials = newCredentials();
  const variables = simulatorVariables(new Map([...ports, ['control', CONTROL_PORT]]), credentials);
  const override = join(directory, `${project}.json`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(override, JSON.stringify(overrideOf({ variables, mongodb, control }), null, 2), { mode: 0o600 });
  const composeEnv = {
    ...env,
    ROLLCALL_PORT: String(gateway),
    ROLLCALL_KAFKA_PORT: String(kafka),
    ROLLCALL_MAIL_PORT: String(mail),
  };
  const files = ['--file', join(root, 'docker-compose.yml'), '--file', override];
  return {
    project,
    override,
    gatewayUrl: `http://127.0.0.1:${gateway}`,
    mailUrl: `http://127.0.0.1:${mail}`,
    simulatorControlUrl: `http://127.0.0.1:${control}`,
    engines: {
      kafkaBrokers: `127.0.0.1:${kafka}`,
      mongodbUri: `mongodb://127.0.0.1:${mongodb}/?directConnection=true`,
      namespace: 'rollcall',
    },
    vendors: vendorAccessOf(
      Object.fromEntries([...ports].map(([name, port]) => [name, `http://127.0.0.1:${port}`])),
      credentials,
    ),
    compose: (/** @type {string[]} */ ...args) =>
      run(['docker', 'compose', '--project-name', project, ...files, ...args], { env: composeEnv }),
    docker: (/** @type {string[]} */ ...args) => run(['docker', ...args], { env }),
  };
}

/** @param {{ variables: Record<string, string>, mongodb: number, control: number }} options */
function overrideOf({ variables, mongodb, control }) {
  const local = { ALLOW_LOOPBACK: 'true' };
  const caller = (/** @type {keyof typeof CALLERS} */ name, environment = {}) => ({
    network_mode: 'service:simulator',
    environment: { PORT: String(CALLERS[name]), ...local, ...environment },
    depends_on: { simulator: { condition: 'service_healthy' } },
  });
  const health = `fetch('http://127.0.0.1:${CONTROL_PORT}/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return {
    services: {
      simulator: {
        image: 'rollcall:0.1.0',
        command: ['node', '/source/tools/containers/simulator.mjs'],
        init: true,
        environment: { SIMULATOR_COMPANY: 'demo', OPEN_CONTROL_PORT: String(OPEN_CONTROL_PORT), ...variables },
        volumes: [`${root}:/source:ro`],
        ports: [`127.0.0.1:${control}:${OPEN_CONTROL_PORT}`],
        healthcheck: { test: ['CMD', 'node', '-e', health], interval: '3s', timeout: '10s', retries: 20 },
      },
      mongodb: { ports: [`127.0.0.1:${mongodb}:27017`] },
      'credential-vault': caller('credential-vault'),
      'sync-runner': caller('sync-runner', { TICK_MS: '250' }),
      workflow: caller('workflow', { UNDO_WINDOW_MS: String(UNDO_WINDOW_S * 1_000) }),
    },
  };
}

/** @param {number} count */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
