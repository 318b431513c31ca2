import { join } from 'node:path';

import { type LocalEngine, READY_WITHIN_MS } from '../local-engine.js';
import { makePrivateFolder } from '../private-files.js';
import { type ManagedProcess, startProcess } from '../processes/managed-process.js';
import { findFreePort } from '../processes/ports.js';
import { type Mongod } from './mongod-binary.js';
import { ensurePrimary, REPLICA_SET } from './replica-set.js';

const CACHE_GB = 1;

export interface LocalMongodbOptions {
  directory: string;
  mongod: Mongod;
  preferredPort: number;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

/** MongoDB as a replica set of one node: transactions and majority reads need a set. */
export function localMongodb(options: LocalMongodbOptions): LocalEngine {
  return {
    name: 'mongodb',
    directory: options.directory,
    graceMs: 20_000,
    log: options.log,
    launch: () => launch(options),
    waitUntilReady: (process, stillAlive) =>
      ensurePrimary(`127.0.0.1:${process.details.port}`, READY_WITHIN_MS, stillAlive),
  };
}

async function launch({ preferredPort, ...options }: LocalMongodbOptions): Promise<ManagedProcess> {
  return startMongodNode({ ...options, name: 'mongodb', port: await findFreePort(preferredPort), cacheGb: CACHE_GB });
}

export interface MongodNode extends Omit<LocalMongodbOptions, 'preferredPort' | 'log'> {
  /** Of the process, and of its folder in the directory. */
  name: string;
  port: number;
  cacheGb: number;
}

/** Starts a member of the set on its data. Whether it serves is to be waited for. */
export function startMongodNode({ name, directory, mongod, port, cacheGb, env }: MongodNode): Promise<ManagedProcess> {
  const folder = join(directory, name);
  const dataFolder = join(folder, 'data');
  makePrivateFolder(folder);
  makePrivateFolder(dataFolder);
  const network = ['--bind_ip', '127.0.0.1', '--port', String(port), '--nounixsocket'];
  const storage = ['--dbpath', dataFolder, '--wiredTigerCacheSizeGB', String(cacheGb), '--oplogSize', '1024'];
  const quiet = ['--quiet', '--setParameter', 'diagnosticDataCollectionEnabled=false'];
  return startProcess({
    name,
    command: mongod.command,
    args: ['--replSet', REPLICA_SET, ...network, ...storage, ...quiet],
    env,
    directory,
    cwd: folder,
    details: { port, version: mongod.version },
  });
}
