import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { cacheDirectory } from '../downloads/cache.js';
import { findJava, type Java } from '../kafka/java.js';
import { KAFKA_VERSION } from '../kafka/kafka-artifacts.js';
import { kafkaJars } from '../kafka/kafka-jars.js';
import { newClusterId, startKafkaNode } from '../kafka/local-kafka.js';
import { startMongodNode } from '../mongodb/local-mongodb.js';
import { findMongod, type Mongod } from '../mongodb/mongod-binary.js';
import { REPLICA_SET } from '../mongodb/replica-set.js';
import { makePrivateFolder } from '../private-files.js';
import { findProcess, stopProcess } from '../processes/managed-process.js';
import { findFreePort } from '../processes/ports.js';
import { formSet, primaryPort, waitForCopies, waitForMembers } from './cluster-state.js';

export interface ThreeNodesOptions {
  /** Data, logs and pid files. */
  readonly directory: string;
  /** Nine free ports at or above it are taken. */
  readonly firstPort: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: (line: string) => void;
}

/** A machine of the cluster: one broker, which is a controller too, and one member of the database's set. */
export type Machine = 1 | 2 | 3;

interface Ports {
  readonly broker: number;
  readonly controller: number;
  readonly mongodb: number;
}

const machines: readonly Machine[] = [1, 2, 3];
const heapMb = 512;
const cacheGb = 0.5;
const kafkaOf = (machine: Machine): string => `kafka-${machine}`;
const mongodbOf = (machine: Machine): string => `mongodb-${machine}`;

/**
 * Kafka and MongoDB on three nodes each, all on this machine: enough to lose one with its data, as production must
 * survive it (P1). For proofs; `startEngines` is what people use.
 */
export class ThreeNodes {
  private readonly clusterId = newClusterId();

  private constructor(
    private readonly options: Required<ThreeNodesOptions>,
    private readonly parts: { readonly java: Java; readonly jars: string; readonly mongod: Mongod },
    private readonly ports: Readonly<Record<Machine, Ports>>,
  ) {}

  /** Resolves when all copies are in sync. @throws EngineError */
  static async start(options: ThreeNodesOptions): Promise<ThreeNodes> {
    const all = { env: process.env, log: () => undefined, ...options };
    const request = { cache: cacheDirectory(all.env), env: all.env, log: all.log };
    const parts = {
      java: await findJava(request),
      jars: await kafkaJars(request),
      mongod: await findMongod(request),
    };
    const nodes = new ThreeNodes(all, parts, await choosePorts(all.firstPort));
    makePrivateFolder(all.directory);
    await Promise.all(machines.map((machine) => nodes.startProcesses(machine)));
    await formSet(nodes.members);
    await nodes.inSync();
    return nodes;
  }

  get kafkaBrokers(): string {
    return machines.map((machine) => `127.0.0.1:${this.ports[machine].broker}`).join();
  }

  get mongodbUri(): string {
    return `mongodb://${this.members.join()}/?replicaSet=${REPLICA_SET}`;
  }

  get description(): string {
    return `Kafka ${KAFKA_VERSION} and MongoDB ${this.parts.mongod.version}, three nodes each`;
  }

  /** The machine whose member of the set takes the writes at the moment. */
  async primary(): Promise<Machine> {
    const port = await primaryPort(this.mongodbUri);
    return machines.find((machine) => this.ports[machine].mongodb === port)!;
  }

  /** SIGKILL to both, and all their data is gone. */
  async lose(machine: Machine): Promise<void> {
    for (const name of [kafkaOf(machine), mongodbOf(machine)]) {
      const running = findProcess(this.options.directory, name);
      if (running?.alive !== true) throw new Error(`${name} is not running`);
      process.kill(running.pid, 'SIGKILL');
      await stopProcess(name, this.options.directory, { graceMs: 5_000 });
      rmSync(join(this.options.directory, name), { recursive: true, force: true });
    }
  }

  /** An empty machine in the place of a lost one. Resolves when it has its copy of everything. */
  async replace(machine: Machine): Promise<void> {
    await this.startProcesses(machine);
    await this.inSync();
  }

  async stop(): Promise<void> {
    const names = machines.flatMap((machine) => [kafkaOf(machine), mongodbOf(machine)]);
    await Promise.all(names.map((name) => stopProcess(name, this.options.directory, { graceMs: 20_000 })));
  }

  private get members(): string[] {
    return machines.map((machine) => `127.0.0.1:${this.ports[machine].mongodb}`);
  }

  private async inSync(): Promise<void> {
    await Promise.all([
      waitForMembers(this.mongodbUri, machines.length),
      waitForCopies(this.kafkaBrokers, machines.length),
    ]);
  }

  private async startProcesses(machine: Machine): Promise<void> {
    const { directory, env } = this.options;
    const { broker, controller, mongodb } = this.ports[machine];
    const controllerPorts = machines.map((one) => this.ports[one].controller);
    const ports = { port: broker, controllerPort: controller, nodeId: machine, controllerPorts };
    const { java, jars, mongod } = this.parts;
    const { clusterId } = this;
    await startKafkaNode({ name: kafkaOf(machine), directory, env, java, jars, heapMb, ports, clusterId });
    await startMongodNode({ name: mongodbOf(machine), directory, env, mongod, port: mongodb, cacheGb });
  }
}

async function choosePorts(first: number): Promise<Record<Machine, Ports>> {
  const taken = new Set<number>();
  const next = async () => {
    const port = await findFreePort(first, taken);
    taken.add(port);
    return port;
  };
  const ofMachine = async () => ({ broker: await next(), controller: await next(), mongodb: await next() });
  return { 1: await ofMachine(), 2: await ofMachine(), 3: await ofMachine() };
}
