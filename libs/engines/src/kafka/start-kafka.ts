import { join } from 'node:path';

import { dockerKafka } from '../docker/docker-engines.js';
import { cacheDirectory } from '../downloads/cache.js';
import { EngineError } from '../engine-error.js';
import { type ResolvedOptions } from '../engine-options.js';
import { ensureRunning } from '../local-engine.js';
import { orDocker } from '../or-docker.js';
import { lastPort, stopProcess } from '../processes/managed-process.js';
import { shortPath, type StartedEngine } from '../started-engine.js';
import { findJava } from './java.js';
import { KAFKA_VERSION } from './kafka-artifacts.js';
import { kafkaJars } from './kafka-jars.js';
import { waitForKafka, whyNot } from './kafka-ready.js';
import { brokersOf, localKafka } from './local-kafka.js';

const GIVEN_ANSWERS_WITHIN_MS = 30_000;

/** Kafka by the order of the engines: given, local, Docker. @throws EngineError */
export async function startKafka(options: ResolvedOptions): Promise<StartedEngine> {
  const given = options.env.KAFKA_BROKERS;
  if (given) return useGiven(given);
  const inDocker = () => dockerKafka({ ...options, heapMb: options.kafkaHeapMb });
  return options.docker ? inDocker() : orDocker('Kafka', () => startLocal(options), inDocker, options.log);
}

async function useGiven(brokers: string): Promise<StartedEngine> {
  try {
    await waitForKafka(brokers, GIVEN_ANSWERS_WITHIN_MS);
  } catch (cause) {
    const cure = 'Check KAFKA_BROKERS, or unset it to let Rollcall start its own Kafka.';
    const reason = await whyNot(brokers);
    throw new EngineError(
      'ENGINE_DID_NOT_START',
      `Kafka at KAFKA_BROKERS (${brokers}) does not answer: ${reason}.`,
      cure,
      {
        cause,
      },
    );
  }
  return { address: brokers, description: `Kafka: ${brokers}, given by KAFKA_BROKERS.`, stop: async () => undefined };
}

async function startLocal({
  directory,
  env,
  log,
  kafkaHeapMb,
  preferredPorts,
}: ResolvedOptions): Promise<StartedEngine> {
  const request = { cache: cacheDirectory(env), env, log };
  const [java, jars] = [await findJava(request), await kafkaJars(request)];
  const preferredPort = lastPort(directory, 'kafka') ?? preferredPorts.kafka;
  const engine = localKafka({ directory, jars, java, heapMb: kafkaHeapMb, preferredPort, env, log });
  const { process, reused } = await ensureRunning(engine);
  const found = reused ? ', already running' : '';
  return {
    address: brokersOf(process),
    isNew: !reused,
    description: `Kafka ${KAFKA_VERSION}: local process on Java ${java.major}${found}. Data in ${shortPath(join(directory, 'kafka'))}.`,
    stop: async () => {
      await stopProcess(engine.name, directory, { graceMs: engine.graceMs });
    },
  };
}
