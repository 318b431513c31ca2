import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const ABANDONED_AFTER_MS = 60 * 60_000;

/** Where downloads are kept for all checkouts of this user: `ROLLCALL_CACHE`, else `~/.cache/rollcall`. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return resolve(env.ROLLCALL_CACHE || join(homedir(), '.cache', 'rollcall'));
}

/**
 * Folder `name` of the cache, made by `fill` on first use. It appears by rename, whole or not at all: an interrupted
 * download leaves nothing behind that looks finished, and two that run at once do not disturb each other.
 */
export async function cachedFolder(
  cache: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const target = join(cache, name);
  if (!existsSync(target)) await oneAfterTheOther(() => makeFolder(cache, name, target, fill));
  return target;
}

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
  removeAbandoned(cache, name);
  const temporary = join(cache, `.${name}.${process.pid}.${Date.now()}`);
  mkdirSync(temporary, { recursive: true });
  try {
    await fill(temporary);
    publish(temporary, target);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
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

function publish(temporary: string, target: string): void {
  try {
    renameSync(temporary, target);
  } catch (error) {
    // Somebody else finished the same download first; theirs is as good.
    if (!existsSync(target)) throw error;
  }
}
