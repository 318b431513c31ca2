import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { stopContainers } from './docker/docker-engines.js';
import { type EngineOptions, type Engines, type ResolvedOptions } from './engine-options.js';
import { startKafka } from './kafka/start-kafka.js';
import { startMongodb } from './mongodb/start-mongodb.js';
import { makePrivateFolder } from './private-files.js';
import { stopProcess } from './processes/managed-process.js';
import { type StartedEngine } from './started-engine.js';

const STOP_GRACE_MS = 20_000;
const NAMES = ['kafka', 'mongodb'];

/**
 * A Kafka and a MongoDB that serve, per engine: the address given by `KAFKA_BROKERS` or `MONGODB_URI`; else a local
 * process; else, or with `docker`, a container. They outlive this process, and the next call finds them again.
 * @throws EngineError; when one engine fails, the other one is stopped again if this call started it
 */
export async function startEngines(options: EngineOptions): Promise<Engines> {
  const resolved: ResolvedOptions = {
    docker: false,
    freshData: false,
    log: () => undefined,
    env: process.env,
    kafkaHeapMb: 512,
    preferredPorts: { kafka: 29_092, mongodb: 27_027 },
    ...options,
    directory: resolve(options.directory),
  };
  makePrivateFolder(resolved.directory);
  if (resolved.freshData) await deleteData(resolved.directory);
  const outcomes = await Promise.allSettled([startKafka(resolved), startMongodb(resolved)]);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure) {
    const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    await Promise.all(started.filter(({ isNew }) => isNew).map((engine) => engine.stop()));
    throw failure.reason;
  }
  const [kafka, mongodb] = outcomes.map((outcome) => (outcome as PromiseFulfilledResult<StartedEngine>).value) as [
    StartedEngine,
    StartedEngine,
  ];
  return {
    kafkaBrokers: kafka.address,
    mongodbUri: mongodb.address,
    descriptions: [kafka.description, mongodb.description],
    stop: async () => {
      await Promise.all([kafka.stop(), mongodb.stop()]);
    },
  };
}

/** Ends the engines that a start in this directory left running, however it ended, and nothing else. */
export async function stopLeftovers(directory: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const absolute = resolve(directory);
  await Promise.all(NAMES.map((name) => stopProcess(name, absolute, { graceMs: STOP_GRACE_MS })));
  await stopContainers(absolute, env);
}

async function deleteData(directory: string): Promise<void> {
  await Promise.all(NAMES.map((name) => stopProcess(name, directory, { graceMs: 0 })));
  for (const name of NAMES) rmSync(join(directory, name), { recursive: true, force: true });
}
