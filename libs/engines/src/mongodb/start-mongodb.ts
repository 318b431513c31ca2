import { join } from 'node:path';

import { dockerMongodb } from '../docker/docker-engines.js';
import { cacheDirectory } from '../downloads/cache.js';
import { type ResolvedOptions } from '../engine-options.js';
import { ensureRunning } from '../local-engine.js';
import { orDocker } from '../or-docker.js';
import { lastPort, stopProcess } from '../processes/managed-process.js';
import { shortPath, type StartedEngine } from '../started-engine.js';
import { checkGivenMongodb } from './given-mongodb.js';
import { localMongodb } from './local-mongodb.js';
import { findMongod } from './mongod-binary.js';
import { mongodbUriOf } from './replica-set.js';

/** MongoDB by the order of the engines: given, local, Docker. @throws EngineError */
export async function startMongodb(options: ResolvedOptions): Promise<StartedEngine> {
  const given = options.env.MONGODB_URI;
  if (given) return useGiven(given);
  const inDocker = () => dockerMongodb(options);
  return options.docker ? inDocker() : orDocker('MongoDB', () => startLocal(options), inDocker, options.log);
}

async function useGiven(uri: string): Promise<StartedEngine> {
  await checkGivenMongodb(uri);
  return { address: uri, description: 'MongoDB: the address given by MONGODB_URI.', stop: async () => undefined };
}

async function startLocal({ directory, env, log, preferredPorts }: ResolvedOptions): Promise<StartedEngine> {
  const mongod = await findMongod({ cache: cacheDirectory(env), env, log });
  const preferredPort = lastPort(directory, 'mongodb') ?? preferredPorts.mongodb;
  const engine = localMongodb({ directory, mongod, preferredPort, env, log });
  const { process, reused } = await ensureRunning(engine);
  const found = reused ? ', already running' : '';
  return {
    address: mongodbUriOf(Number(process.details.port)),
    isNew: !reused,
    description: `MongoDB ${process.details.version}: local process${found}. Data in ${shortPath(join(directory, 'mongodb'))}.`,
    stop: async () => {
      await stopProcess(engine.name, directory, { graceMs: engine.graceMs });
    },
  };
}
