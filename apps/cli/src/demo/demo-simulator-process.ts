import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { findFreePort, logFileOf, startProcess } from '@rollcall/engines';

import { CliError } from '../cli-error.js';
import { plainEnvironment } from '../stack/stack-environment.js';
import { mainFileOf } from '../stack/stack-paths.js';
import { demoVendors, type VendorAccess, vendorAccessOf, type VendorCredentials } from './vendor-access.js';

export const simulatorName = 'vendor-simulator';
const firstPort = 4_010;
const readyLimitMs = 30_000;

export interface SimulatorProcess {
  readonly controlUrl: string;
  readonly vendors: readonly VendorAccess[];
}

/** Starts the simulated vendors of the demo, with secrets made for this start only. */
export const startDemoSimulator = (root: string, directory: string): Promise<SimulatorProcess> =>
  startSimulators({ root, directory, credentials: newCredentials(), ledger: `${directory}/vendor-ledger.jsonl` });

export interface SimulatorPlan {
  readonly root: string;
  readonly directory: string;
  readonly credentials: VendorCredentials;
  /** File in which the simulators note what was done to them. */
  readonly ledger: string;
}

/** Starts all simulated vendors as one process that outlives this one, and waits for them. */
export async function startSimulators(plan: SimulatorPlan): Promise<SimulatorProcess> {
  const { root, directory, credentials, ledger } = plan;
  const taken = new Set<number>();
  const freePort = async (): Promise<number> => {
    const port = await findFreePort(firstPort, taken);
    taken.add(port);
    return port;
  };
  const ports = new Map<string, number>();
  for (const vendor of [...demoVendors, 'control']) ports.set(vendor, await freePort());
  await startProcess({
    name: simulatorName,
    command: process.execPath,
    args: [mainFileOf(root, 'vendor-simulator')],
    directory,
    env: {
      ...plainEnvironment(process.env),
      SIMULATOR_COMPANY: 'demo',
      SIMULATOR_VENDORS: demoVendors.join(','),
      SIMULATOR_LEDGER_FILE: ledger,
      ...simulatorVariables(ports, credentials),
    },
  });
  const urls = Object.fromEntries([...ports].map(([name, port]) => [name, `http://127.0.0.1:${port}`]));
  const controlUrl = urls['control']!;
  await untilReady(controlUrl, directory);
  return { controlUrl, vendors: vendorAccessOf(urls, credentials) };
}

/** Ports by vendor, and of the control API; secrets by vendor. */
export function simulatorVariables(
  ports: ReadonlyMap<string, number>,
  credentials: VendorCredentials,
): Record<string, string> {
  return {
    ...Object.fromEntries([...ports].map(([name, port]) => [variable(name, 'port'), String(port)])),
    ...Object.fromEntries(
      Object.entries(credentials).flatMap(([vendor, parts]) =>
        Object.entries(parts).map(([name, value]) => [variable(vendor, name), value]),
      ),
    ),
  };
}

/** Made up, in the form that each vendor's have. */
export function newCredentials(): VendorCredentials {
  const secret = (): string => `demo-${randomBytes(12).toString('hex')}`;
  return {
    lastpass: { cid: '12345678', provhash: secret() },
    jumpcloud: { apiKey: secret() },
    entra: { tenantId: 'harbour.example', clientId: randomUUID(), clientSecret: secret() },
    lever: { apiKey: secret() },
    'ironclad-clickwrap': { clientId: randomUUID(), clientSecret: secret() },
  };
}

/** `SIMULATOR_LASTPASS_CID` of vendor `lastpass` and name `cid`. */
function variable(vendor: string, name: string): string {
  const words = `${vendor}-${name.replace(/[A-Z]/g, '-$&')}`;
  return `SIMULATOR_${words.replaceAll('-', '_').toUpperCase()}`;
}

async function untilReady(controlUrl: string, directory: string): Promise<void> {
  const until = Date.now() + readyLimitMs;
  while (Date.now() < until) {
    const response = await fetch(`${controlUrl}/healthz`).catch(() => null);
    if (response?.ok) return;
    await sleep(100);
  }
  throw new CliError(
    'The simulated vendors did not start within 30 seconds.',
    `Run the same command again. ${logFileOf(directory, simulatorName)} says more.`,
  );
}
