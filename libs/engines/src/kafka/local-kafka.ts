import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { lastLine, runCommand } from '../downloads/command.js';
import { EngineError } from '../engine-error.js';
import { type LocalEngine, READY_WITHIN_MS } from '../local-engine.js';
import { makePrivateFolder, privateFileMode } from '../private-files.js';
import { type ManagedProcess, startProcess } from '../processes/managed-process.js';
import { findFreePort } from '../processes/ports.js';
import { type Java } from './java.js';
import { type KafkaLayout, kafkaProperties, LOG4J_PROPERTIES } from './kafka-properties.js';
import { waitForKafka } from './kafka-ready.js';

export interface LocalKafkaOptions {
  directory: string;
  jars: string;
  java: Java;
  heapMb: number;
  preferredPort: number;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

export const brokersOf = (process: ManagedProcess): string => `127.0.0.1:${process.details.port}`;

/** Kafka from its jars: formatted only when there is no data yet, so that topics outlive a restart. */
export function localKafka(options: LocalKafkaOptions): LocalEngine {
  return {
    name: 'kafka',
    directory: options.directory,
    graceMs: 20_000,
    log: options.log,
    launch: () => launch(options),
    waitUntilReady: (process, stillAlive) => waitForKafka(brokersOf(process), READY_WITHIN_MS, stillAlive),
  };
}

async function launch(options: LocalKafkaOptions): Promise<ManagedProcess> {
  const port = await findFreePort(options.preferredPort);
  const controllerPort = await findFreePort(port + 1);
  return startKafkaNode({ ...options, name: 'kafka', ports: { port, controllerPort } });
}

export interface KafkaNode extends Omit<LocalKafkaOptions, 'preferredPort' | 'log'> {
  /** Of the process, and of its folder in the directory. */
  name: string;
  ports: Omit<KafkaLayout, 'dataFolder'>;
  /** The same for all nodes of a cluster; a new one unless given. */
  clusterId?: string;
}

/** Starts a node on its data. Whether it serves is to be waited for. */
export async function startKafkaNode(node: KafkaNode): Promise<ManagedProcess> {
  const { name, directory, jars, java, heapMb, ports, env, clusterId = newClusterId() } = node;
  const folder = join(directory, name);
  const dataFolder = join(folder, 'data');
  makePrivateFolder(folder);
  makePrivateFolder(dataFolder);
  const properties = join(folder, 'server.properties');
  writeFileSync(properties, kafkaProperties({ ...ports, dataFolder }), { mode: privateFileMode });
  writeFileSync(join(folder, 'log4j2.properties'), LOG4J_PROPERTIES, { mode: privateFileMode });
  const common = ['-cp', join(jars, '*'), `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`];
  if (!existsSync(join(dataFolder, 'meta.properties'))) {
    await format(
      java,
      [...common, 'kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', properties],
      env,
    );
  }
  return startProcess({
    name,
    command: java.command,
    args: [...serverFlags(heapMb), ...common, 'kafka.Kafka', properties],
    env,
    directory,
    cwd: folder,
    details: { port: ports.port, controllerPort: ports.controllerPort },
  });
}

export const newClusterId = (): string => randomBytes(16).toString('base64url');

/** The serial collector suits a small heap on few cores: no background threads that compete with the services. */
function serverFlags(heapMb: number): string[] {
  const initialMb = Math.min(256, heapMb);
  return [`-Xms${initialMb}m`, `-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-Xshare:auto', '-Djava.awt.headless=true'];
}

async function format(java: Java, tool: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const flags = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
  const result = await runCommand(java.command, [...flags, ...tool], env);
  if (result.exitCode === 0) return;
  throw new EngineError(
    'ENGINE_DID_NOT_START',
    `Kafka's data folder could not be formatted: ${lastLine(result.output)}`,
    'Check free disk space and the rights on the folder.',
  );
}
