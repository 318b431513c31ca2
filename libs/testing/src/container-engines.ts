import { setTimeout as sleep } from 'node:timers/promises';

import {
  containerName,
  type Engines,
  ensurePrimary,
  findFreePort,
  KAFKA_IMAGE,
  kafkaVariables,
  MONGODB_IMAGE,
  mongodbArguments,
  mongodbUriOf,
  noteContainer,
  stopLeftovers,
  waitForKafka,
} from '@rollcall/engines';
import type { GenericContainer, StartedTestContainer } from 'testcontainers';

export type EngineName = 'kafka' | 'mongodb';

export interface ContainerEnginesOptions {
  /** Notes which containers are started, so that whoever ends this run after a crash finds them. */
  directory: string;
  log: (line: string) => void;
  preferredPorts?: Readonly<Record<EngineName, number>>;
  kafkaHeapMb?: number;
}

const readyWithinMs = 240_000;

/** Are tests to run on containers? Local engines are the default: they start faster and need no daemon. */
export const wantsContainers = (): boolean => process.env['ROLLCALL_ENGINES'] === 'containers';

/** Kafka and MongoDB of the published images by testcontainers, for `ROLLCALL_ENGINES=containers`. */
export class ContainerEngines implements Engines {
  readonly descriptions = [
    `Kafka: container of ${KAFKA_IMAGE}, by testcontainers.`,
    `MongoDB: container of ${MONGODB_IMAGE}, by testcontainers.`,
  ];

  private constructor(
    private readonly directory: string,
    private readonly ports: Readonly<Record<EngineName, number>>,
    private readonly containers: Readonly<Record<EngineName, StartedTestContainer>>,
  ) {}

  static async start(options: ContainerEnginesOptions): Promise<ContainerEngines> {
    // The library's cleaner is one more image to be had; what a killed run leaves is found by its notes instead.
    process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
    const { directory, log, preferredPorts = { kafka: 29_092, mongodb: 27_027 } } = options;
    const kafkaPort = await findFreePort(preferredPorts.kafka);
    const ports = { kafka: kafkaPort, mongodb: await findFreePort(preferredPorts.mongodb, new Set([kafkaPort])) };
    log('Starting Kafka and MongoDB in containers …');
    try {
      const [kafka, mongodb] = await Promise.all([
        startContainer('kafka', directory, await kafkaContainer(ports.kafka, options.kafkaHeapMb ?? 512)),
        startContainer('mongodb', directory, await mongodbContainer(ports.mongodb)),
      ]);
      const engines = new ContainerEngines(directory, ports, { kafka, mongodb });
      await Promise.all([engines.waitFor('kafka'), engines.waitFor('mongodb')]);
      return engines;
    } catch (error) {
      await stopLeftovers(directory);
      throw error;
    }
  }

  get kafkaBrokers(): string {
    return `127.0.0.1:${this.ports.kafka}`;
  }

  get mongodbUri(): string {
    return mongodbUriOf(this.ports.mongodb);
  }

  /** Nothing of it answers for so long, and its connections stay. */
  async pause(name: EngineName, forMs: number): Promise<void> {
    const container = await this.handleOf(name);
    await container.pause();
    await sleep(forMs);
    await container.unpause();
  }

  /** SIGKILL, and the same container on its data after so long. */
  async kill(name: EngineName, downMs: number): Promise<void> {
    const container = await this.handleOf(name);
    await container.kill();
    await sleep(downMs);
    await container.start();
    await this.waitFor(name);
  }

  async stop(): Promise<void> {
    await stopLeftovers(this.directory);
  }

  private async handleOf(name: EngineName) {
    const { getContainerRuntimeClient } = await import('testcontainers');
    return (await getContainerRuntimeClient()).container.getById(this.containers[name].getId());
  }

  private waitFor(name: EngineName): Promise<void> {
    return name === 'kafka'
      ? waitForKafka(this.kafkaBrokers, readyWithinMs)
      : ensurePrimary(`127.0.0.1:${this.ports.mongodb}`, readyWithinMs);
  }
}

async function startContainer(
  name: EngineName,
  directory: string,
  container: GenericContainer,
): Promise<StartedTestContainer> {
  const { Wait } = await import('testcontainers');
  const own = containerName(directory, name);
  noteContainer(directory, own);
  // Whether it serves is asked from outside, as a client sees it.
  return container.withName(own).withStartupTimeout(readyWithinMs).withWaitStrategy(Wait.forLogMessage(/./)).start();
}

/** Both know the port under which clients reach them, since they tell it to them. */
async function kafkaContainer(port: number, heapMb: number): Promise<GenericContainer> {
  const { GenericContainer } = await import('testcontainers');
  const variables = Object.entries(kafkaVariables(port, heapMb)).map(([key, value]) => [key, String(value)]);
  return new GenericContainer(KAFKA_IMAGE)
    .withEnvironment(Object.fromEntries(variables) as Record<string, string>)
    .withExposedPorts({ container: port, host: port });
}

async function mongodbContainer(port: number): Promise<GenericContainer> {
  const { GenericContainer } = await import('testcontainers');
  return new GenericContainer(MONGODB_IMAGE)
    .withCommand(mongodbArguments(port))
    .withExposedPorts({ container: port, host: port });
}
