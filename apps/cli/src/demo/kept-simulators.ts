import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { findProcess, makePrivateFolder } from '@rollcall/engines';

import { type StackPaths } from '../stack/stack-paths.js';
import { newCredentials, simulatorName, type SimulatorProcess, startSimulators } from './demo-simulator-process.js';
import { type VendorAccess, type VendorCredentials } from './vendor-access.js';

const forOwner = { mode: 0o600 };

const folderOf = (directory: string): string => join(directory, 'simulators');

/** File with the body of the request that makes this vendor's credential. */
export const bodyFileOf = (directory: string, { connector }: VendorAccess): string =>
  join(folderOf(directory), `${connector}.json`);

/**
 * The simulated vendors beside an installation, with the secrets of the first start, so that credentials go on working.
 * What already runs is kept.
 */
export async function keepSimulators({ root, directory }: StackPaths): Promise<SimulatorProcess> {
  const folder = folderOf(directory);
  makePrivateFolder(folder);
  const running = findProcess(directory, simulatorName)?.alive === true ? readJson<SimulatorProcess>(folder) : null;
  if (running !== null) return running;
  const credentials = readJson<VendorCredentials>(folder, 'credentials') ?? newCredentials();
  writeJson(folder, 'credentials', credentials);
  const started = await startSimulators({ root, directory, credentials, ledger: join(folder, 'ledger.jsonl') });
  writeJson(folder, 'running', started);
  for (const vendor of started.vendors) writeFileSync(bodyFileOf(directory, vendor), bodyOf(vendor), forOwner);
  return started;
}

const bodyOf = ({ name, connector, type, baseUrl, fields }: VendorAccess): string =>
  `${JSON.stringify({ name: `${name} (simulated)`, connector, type, baseUrl, fields }, null, 2)}\n`;

function readJson<Content>(folder: string, name = 'running'): Content | null {
  const path = join(folder, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Content) : null;
}

const writeJson = (folder: string, name: string, content: object): void =>
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(content, null, 2)}\n`, forOwner);
