import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { type LocalEngine } from '../local-engine.js';
import { type ManagedProcess, startProcess } from '../processes/managed-process.js';
import { findFreePort } from '../processes/ports.js';
import { type Mongod } from './mongod-binary.js';
import { ensurePrimary, REPLICA_SET } from './replica-set.js';

const READY_WITHIN_MS = 60_000;
const CACHE_GB = 1;

export interface LocalMongodbOptions {
  directory: string;
  mongod: Mongod;
  preferredPort: number;
  env: NodeJS.ProcessEnv;
}

/** MongoDB as a replica set of one node: transactions and majority reads need a set. */
export function localMongodb(options: LocalMongodbOptions): LocalEngine {
  return {
    name: 'mongodb',
    directory: options.directory,
    graceMs: 20_000,
    launch: () => launch(options),
    waitUntilReady: (process, stillAlive) =>
      ensurePrimary(`127.0.0.1:${process.details.port}`, READY_WITHIN_MS, stillAlive),
  };
}

async function launch({ directory, mongod, preferredPort, env }: LocalMongodbOptions): Promise<ManagedProcess> {
  const port = await findFreePort(preferredPort);
  const dataFolder = join(directory, 'mongodb', 'data');
  mkdirSync(dataFolder, { recursive: true });
  const network = ['--bind_ip', '127.0.0.1', '--port', String(port), '--nounixsocket'];
  const storage = ['--dbpath', dataFolder, '--wiredTigerCacheSizeGB', String(CACHE_GB), '--oplogSize', '1024'];
  const quiet = ['--quiet', '--setParameter', 'diagnosticDataCollectionEnabled=false'];
  return startProcess({
    name: 'mongodb',
    command: mongod.command,
    args: ['--replSet', REPLICA_SET, ...network, ...storage, ...quiet],
    env,
    directory,
    cwd: join(directory, 'mongodb'),
    details: { port, version: mongod.version },
  });
}
