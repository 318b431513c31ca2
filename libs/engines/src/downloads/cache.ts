import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

import { EngineError } from '../engine-error.js';
import { hasListedFiles, listFiles } from './file-list.js';

const ABANDONED_AFTER_MS = 60 * 60_000;
/** The largest of the downloads, packed and unpacked. */
const LEAST_FREE_BYTES = 300_000_000;

/** Where downloads are kept for all checkouts of this user: `ROLLCALL_CACHE`, else `~/.cache/rollcall`. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return resolve(env.ROLLCALL_CACHE || join(homedir(), '.cache', 'rollcall'));
}

/**
 * Folder `name` of the cache, made by `fill` on first use. It appears by rename, whole or not at all: an interrupted
 * download leaves nothing behind that looks finished, and two that run at once do not disturb each other. One whose
 * files were damaged since is made again.
 * @throws EngineError CACHE_NOT_WRITABLE, and what `fill` throws
 */
export async function cachedFolder(
  cache: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const target = join(cache, name);
  if (!isWhole(target)) await oneAfterTheOther(() => makeFolder(cache, name, target, fill));
  return target;
}

const isWhole = (target: string): boolean => existsSync(target) && hasListedFiles(target);

let lastFill: Promise<unknown> = Promise.resolve();

/** Two progress bars would write over each other, and two downloads at once are no faster. */
function oneAfterTheOther(work: () => Promise<void>): Promise<void> {
  const next = lastFill.then(work, work);
  lastFill = next;
  return next;
}

async function makeFolder(
  cache: string,
  name: string,
  target: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const temporary = join(cache, `.${name}.${process.pid}.${Date.now()}`);
  try {
    mkdirSync(temporary, { recursive: true });
    removeAbandoned(cache, name);
    refuseFullDisk(cache);
    await fill(temporary);
    listFiles(temporary);
    if (!isWhole(target)) rmSync(target, { recursive: true, force: true });
    publish(temporary, target);
  } catch (error) {
    throw faultOfCache(error, cache) ?? error;
  } finally {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true, force: true });
  }
}

/** A download that was killed leaves its folder behind; one that still goes on is younger than this. */
function removeAbandoned(cache: string, name: string): void {
  const oldest = Date.now() - ABANDONED_AFTER_MS;
  for (const entry of existsSync(cache) ? readdirSync(cache) : []) {
    const path = join(cache, entry);
    if (entry.startsWith(`.${name}.`) && statSync(path).mtimeMs < oldest)
      rmSync(path, { recursive: true, force: true });
  }
}

function refuseFullDisk(cache: string): void {
  const { bavail, bsize } = statfsSync(cache);
  if (bavail * bsize < LEAST_FREE_BYTES) throw diskIsFull(cache);
}

const diskIsFull = (cache: string): EngineError =>
  new EngineError(
    'CACHE_NOT_WRITABLE',
    `The disk of ${cache}, where downloads are kept, is full: a download needs ${LEAST_FREE_BYTES / 1_000_000} MB.`,
    'Make room, or name a folder on another disk in ROLLCALL_CACHE; then run the same command again.',
  );

/** Null where the folder is not to blame. */
function faultOfCache(error: unknown, cache: string): EngineError | null {
  if (!(error instanceof Error)) return null;
  if (/ENOSPC|No space left/i.test(error.message)) return diskIsFull(cache);
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'].includes(code)) return null;
  return new EngineError(
    'CACHE_NOT_WRITABLE',
    `The folder ${cache}, where downloads are kept, cannot be written (${code}).`,
    'Change its owner, or name another folder in ROLLCALL_CACHE; then run the same command again.',
    { cause: error },
  );
}

function publish(temporary: string, target: string): void {
  try {
    renameSync(temporary, target);
  } catch (error) {
    // Somebody else finished the same download first; theirs is as good.
    if (!existsSync(target)) throw error;
  }
}
