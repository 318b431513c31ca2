import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { lastLine, runCommand } from '../downloads/command.js';
import { EngineError } from '../engine-error.js';
import { type LocalEngine } from '../local-engine.js';
import { type ManagedProcess, startProcess } from '../processes/managed-process.js';
import { findFreePort } from '../processes/ports.js';
import { type Java } from './java.js';
import { kafkaProperties, LOG4J_PROPERTIES } from './kafka-properties.js';
import { waitForKafka } from './kafka-ready.js';

const READY_WITHIN_MS = 60_000;

export interface LocalKafkaOptions {
  directory: string;
  jars: string;
  java: Java;
  heapMb: number;
  preferredPort: number;
  env: NodeJS.ProcessEnv;
}

export const brokersOf = (process: ManagedProcess): string => `127.0.0.1:${process.details.port}`;

/** Kafka from its jars: formatted only when there is no data yet, so that topics outlive a restart. */
export function localKafka(options: LocalKafkaOptions): LocalEngine {
  return {
    name: 'kafka',
    directory: options.directory,
    graceMs: 20_000,
    launch: () => launch(options),
    waitUntilReady: (process, stillAlive) => waitForKafka(brokersOf(process), READY_WITHIN_MS, stillAlive),
  };
}

async function launch({
  directory,
  jars,
  java,
  heapMb,
  preferredPort,
  env,
}: LocalKafkaOptions): Promise<ManagedProcess> {
  const port = await findFreePort(preferredPort);
  const controllerPort = await findFreePort(port + 1);
  const folder = join(directory, 'kafka');
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder, { recursive: true });
  const properties = join(folder, 'server.properties');
  writeFileSync(properties, kafkaProperties({ port, controllerPort, dataFolder }));
  writeFileSync(join(folder, 'log4j2.properties'), LOG4J_PROPERTIES);
  const common = ['-cp', join(jars, '*'), `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`];
  if (!existsSync(join(dataFolder, 'meta.properties'))) await format(java, common, properties, env);
  return startProcess({
    name: 'kafka',
    command: java.command,
    args: [...serverFlags(heapMb), ...common, 'kafka.Kafka', properties],
    env,
    directory,
    cwd: folder,
    details: { port, controllerPort },
  });
}

/** The serial collector suits a small heap on few cores: no background threads that compete with the services. */
function serverFlags(heapMb: number): string[] {
  const initialMb = Math.min(256, heapMb);
  return [`-Xms${initialMb}m`, `-Xmx${heapMb}m`, '-XX:+UseSerialGC', '-Xshare:auto', '-Djava.awt.headless=true'];
}

async function format(java: Java, common: string[], properties: string, env: NodeJS.ProcessEnv): Promise<void> {
  const clusterId = randomBytes(16).toString('base64url');
  const flags = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
  const tool = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', properties];
  const result = await runCommand(java.command, [...flags, ...common, ...tool], env);
  if (result.exitCode === 0) return;
  throw new EngineError(
    'ENGINE_DID_NOT_START',
    `Kafka's data folder could not be formatted: ${lastLine(result.output)}`,
    'Check free disk space and the rights on the folder.',
  );
}
