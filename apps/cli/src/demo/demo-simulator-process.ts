import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { findFreePort, logFileOf, startProcess } from '@rollcall/engines';

import { CliError } from '../cli-error.js';
import { plainEnvironment } from '../stack/stack-environment.js';
import { mainFileOf } from '../stack/stack-paths.js';
import type { VendorAccess } from './demo-steps.js';

export const simulatorName = 'vendor-simulator';
const firstPort = 4_010;
const readyLimitMs = 30_000;

export interface SimulatorProcess {
  readonly controlUrl: string;
  readonly vendors: readonly VendorAccess[];
}

/** Starts the simulated vendors with credentials made for this start only. */
export async function startDemoSimulator(root: string, directory: string): Promise<SimulatorProcess> {
  const taken = new Set<number>();
  const ports: number[] = [];
  for (let index = 0; index < 3; index += 1) {
    const port = await findFreePort(firstPort, taken);
    taken.add(port);
    ports.push(port);
  }
  const [lastpass, jumpcloud, control] = ports as [number, number, number];
  const provisioningHash = `demo-${randomBytes(12).toString('hex')}`;
  const apiKey = `demo-${randomBytes(12).toString('hex')}`;
  await startProcess({
    name: simulatorName,
    command: process.execPath,
    args: [mainFileOf(root, 'vendor-simulator')],
    directory,
    env: {
      ...plainEnvironment(process.env),
      SIMULATOR_COMPANY: 'demo',
      SIMULATOR_LASTPASS_PORT: String(lastpass),
      SIMULATOR_JUMPCLOUD_PORT: String(jumpcloud),
      SIMULATOR_CONTROL_PORT: String(control),
      SIMULATOR_LASTPASS_CID: '12345678',
      SIMULATOR_LASTPASS_PROVHASH: provisioningHash,
      SIMULATOR_JUMPCLOUD_API_KEY: apiKey,
      SIMULATOR_LEDGER_FILE: `${directory}/vendor-ledger.jsonl`,
    },
  });
  const controlUrl = `http://127.0.0.1:${control}`;
  await untilReady(controlUrl, directory);
  return {
    controlUrl,
    vendors: [
      {
        connector: 'lastpass',
        name: 'LastPass',
        type: 'basic',
        baseUrl: `http://127.0.0.1:${lastpass}`,
        fields: { username: '12345678', password: provisioningHash },
      },
      {
        connector: 'jumpcloud',
        name: 'JumpCloud',
        type: 'api-key',
        baseUrl: `http://127.0.0.1:${jumpcloud}/api`,
        fields: { key: apiKey },
      },
    ],
  };
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
    `Look at ${logFileOf(directory, simulatorName)}.`,
  );
}
