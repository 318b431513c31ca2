import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitForKafka } from '../kafka/kafka-ready.js';
import { ensurePrimary, mongodbUriOf, REPLICA_SET } from '../mongodb/replica-set.js';
import { makePrivateFolder, privateFileMode } from '../private-files.js';
import { findFreePort } from '../processes/ports.js';
import { type StartedEngine } from '../started-engine.js';
import {
  containerName,
  type Docker,
  findDocker,
  portOfRunning,
  removeContainer,
  removeVolume,
  runContainer,
} from './containers.js';

const READY_WITHIN_MS = 120_000;
export const KAFKA_IMAGE = 'apache/kafka:4.3.1';
export const MONGODB_IMAGE = 'mongo:8';

export interface DockerOptions {
  directory: string;
  freshData: boolean;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

/** Kafka in a container. The listener carries the published port, since clients are sent to the advertised one. */
export async function dockerKafka(options: DockerOptions & { heapMb: number }): Promise<StartedEngine> {
  const docker = await findDocker(options.env);
  const name = containerName(options.directory, 'kafka');
  const port = await ensureContainer(docker, name, 29_092, options, (free) => ({
    name,
    image: KAFKA_IMAGE,
    port: free,
    dataFolder: '/var/lib/kafka/data',
    variables: kafkaVariables(free, options.heapMb),
    // Besides the heap: code, threads, and the buffers of connections.
    memory: `${options.heapMb + 768}m`,
    args: [],
  }));
  const address = `127.0.0.1:${port}`;
  await waitForKafka(address, READY_WITHIN_MS);
  return { address, description: `Kafka 4.3.1: Docker container ${name}.`, stop: () => stop(docker, name, options) };
}

/** MongoDB in a container, listening on the published port, so that the set's member address is right outside as well. */
export async function dockerMongodb(options: DockerOptions): Promise<StartedEngine> {
  const docker = await findDocker(options.env);
  const name = containerName(options.directory, 'mongodb');
  const port = await ensureContainer(docker, name, 27_027, options, (free) => ({
    name,
    image: MONGODB_IMAGE,
    port: free,
    dataFolder: '/data/db',
    variables: {},
    memory: '2g',
    args: mongodbArguments(free),
  }));
  await ensurePrimary(`127.0.0.1:${port}`, READY_WITHIN_MS);
  const description = `MongoDB 8: Docker container ${name}.`;
  return { address: mongodbUriOf(port), description, stop: () => stop(docker, name, options) };
}

/** What mongod is started with to listen on the port under which clients know it. */
export const mongodbArguments = (port: number): string[] => [
  ...['--replSet', REPLICA_SET, '--port', String(port), '--bind_ip_all', '--wiredTigerCacheSizeGB', '1'],
];

/** Ends the containers that an earlier start noted in this directory. Without such a note Docker is not even asked. */
export async function stopContainers(directory: string, env: NodeJS.ProcessEnv): Promise<void> {
  const names = ['kafka', 'mongodb'].map((engine) => containerName(directory, engine));
  for (const name of names.filter((candidate) => existsSync(noteOf(directory, candidate)))) {
    await removeContainer(await findDocker(env), name);
    rmSync(noteOf(directory, name), { force: true });
  }
}

async function ensureContainer(
  docker: Docker,
  name: string,
  preferredPort: number,
  { directory, freshData, log }: DockerOptions,
  plan: (port: number) => Parameters<typeof runContainer>[1],
): Promise<number> {
  if (freshData) {
    await removeContainer(docker, name);
    await removeVolume(docker, name);
  }
  const running = await portOfRunning(docker, name);
  if (running !== null) return running;
  const port = await findFreePort(preferredPort);
  const details = plan(port);
  log(`Starting ${details.image} in Docker (the first time Docker downloads it) …`);
  noteContainer(directory, name);
  await runContainer(docker, details);
  return port;
}

async function stop(docker: Docker, name: string, { directory }: DockerOptions): Promise<void> {
  await removeContainer(docker, name);
  rmSync(noteOf(directory, name), { force: true });
}

/** Lets `stopContainers` find the container, whatever happens to the process that starts it. */
export function noteContainer(directory: string, name: string): void {
  makePrivateFolder(join(directory, 'containers'));
  writeFileSync(noteOf(directory, name), '', { mode: privateFileMode });
}

const noteOf = (directory: string, name: string): string => join(directory, 'containers', name);

/** The image writes these into server.properties; once one is given, its own defaults no longer apply. */
export function kafkaVariables(port: number, heapMb: number): Record<string, string | number> {
  return {
    KAFKA_NODE_ID: 1,
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://127.0.0.1:9093`,
    KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
    KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
    KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    KAFKA_CONTROLLER_QUORUM_VOTERS: '1@127.0.0.1:9093',
    KAFKA_LOG_DIRS: '/var/lib/kafka/data',
    KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: 1,
    KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: 1,
    KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: 1,
    KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: 3,
    KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: 3,
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: 1,
    KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: 1,
    KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: 0,
    KAFKA_HEAP_OPTS: `-Xmx${heapMb}m`,
  };
}
