import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { cachedFolder } from '../downloads/cache.js';
import { sha256Of } from '../downloads/checksum.js';
import { findOnPath, runCommand } from '../downloads/command.js';
import { fetchFile } from '../downloads/fetch-file.js';
import { startProgress } from '../downloads/progress.js';
import { mavenReason } from '../downloads/reasons.js';
import { EngineError } from '../engine-error.js';
import {
  jarName,
  jarPath,
  KAFKA_ARTIFACTS,
  KAFKA_ROOTS,
  KAFKA_VERSION,
  type KafkaArtifact,
} from './kafka-artifacts.js';
import { findMavenMirror, mavenMirror } from './maven-mirror.js';

const PARALLEL = 6;
const TRIES = 3;

export interface JarRequest {
  cache: string;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

/**
 * Folder with Kafka's jars, filled once: by Maven where it is installed (its settings, mirrors and local repository
 * then apply), else file by file. Every jar is compared with its pinned checksum either way.
 * @throws EngineError DOWNLOAD_FAILED
 */
export function kafkaJars(request: JarRequest): Promise<string> {
  return cachedFolder(request.cache, `kafka-${KAFKA_VERSION}`, async (folder) => {
    const maven = findOnPath('mvn', request.env);
    const reason = maven ? await copyWithMaven(maven, folder, request) : null;
    if (maven && reason === null) return;
    if (reason !== null) {
      if (findMavenMirror(request.env) === null) throw mavenFailed(reason);
      request.log(`Maven could not get Kafka (${reason}). Downloading its files one by one instead.`);
    }
    await downloadEach(folder, request);
  });
}

/** Null when all jars are there, else why not. */
async function copyWithMaven(maven: string, folder: string, { env, log }: JarRequest): Promise<string | null> {
  const work = join(folder, '.maven');
  mkdirSync(work);
  writeFileSync(join(work, 'pom.xml'), projectFile());
  const progress = startProgress(`Downloading Kafka ${KAFKA_VERSION} with Maven`, 0, log);
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  const result = await runCommand(maven, ['-B', '-q', '-f', join(work, 'pom.xml'), ...goal], env);
  const reason = result.exitCode === 0 ? await whatIsWrong(folder) : mavenReason(result.output);
  progress.end(reason === null);
  return reason;
}

const mavenFailed = (reason: string): EngineError =>
  new EngineError(
    'DOWNLOAD_FAILED',
    `Kafka could not be downloaded. Maven says: ${reason}`,
    'Let Maven reach its repository, set ROLLCALL_MAVEN_MIRROR to one that this machine can reach, or give KAFKA_BROKERS.',
  );

function projectFile(): string {
  const dependencies = KAFKA_ROOTS.map(
    ({ group, artifact, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>rollcall</groupId><artifactId>kafka-jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`;
}

async function downloadEach(folder: string, { env, log }: JarRequest): Promise<void> {
  const mirror = mavenMirror(env);
  const total = KAFKA_ARTIFACTS.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = startProgress(`Downloading Kafka ${KAFKA_VERSION}`, total, log);
  const waiting = [...KAFKA_ARTIFACTS];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await downloadJar({ mirror, folder, env }, next);
      progress.advance(next.bytes);
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, worker));
    progress.end(true);
  } catch (error) {
    // The other workers stop at their next file instead of downloading what nobody will use.
    waiting.length = 0;
    progress.end(false);
    throw error;
  }
}

interface Source {
  mirror: string;
  folder: string;
  env: NodeJS.ProcessEnv;
}

async function downloadJar({ mirror, folder, env }: Source, entry: KafkaArtifact): Promise<void> {
  const path = join(folder, jarName(entry));
  const url = `${mirror}/${jarPath(entry)}`;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await fetchFile({ url, path, env });
      if ((await sha256Of(path)) !== entry.sha256) throw new Error('the file does not have the pinned checksum');
      return;
    } catch (error) {
      if (attempt < TRIES) continue;
      throw new EngineError(
        'DOWNLOAD_FAILED',
        `Kafka could not be downloaded: ${url}: ${error instanceof Error ? error.message : String(error)}.`,
        'Set ROLLCALL_MAVEN_MIRROR to a Maven repository that this machine can reach, or install Maven.',
        { cause: error },
      );
    }
  }
}

async function whatIsWrong(folder: string): Promise<string | null> {
  for (const entry of KAFKA_ARTIFACTS) {
    const path = join(folder, jarName(entry));
    if (!existsSync(path)) return `${jarName(entry)} is missing`;
    if ((await sha256Of(path)) !== entry.sha256) return `${jarName(entry)} does not have the pinned checksum`;
  }
  return null;
}
