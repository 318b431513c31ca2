import { chmodSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Topics, records and logs hold names and addresses of people: none of this is for other users of the machine. */
export const privateFileMode = 0o600;
const privateFolderMode = 0o700;
const forOthers = 0o077;

/** Makes the folder, and those above it that are missing, for its owner only. One that exists is closed to others. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: privateFolderMode });
  close(path);
}

/**
 * Takes the rights of others away from what an earlier version left behind, at every depth. Links are not followed.
 * What somebody else owns is left as it is: only they may change it.
 */
export function closeToOthers(path: string): void {
  const entry = close(path);
  if (entry?.isDirectory() !== true) return;
  for (const name of namesIn(path)) closeToOthers(join(path, name));
}

/** Files that a process makes itself, started by `start`, are for its owner only. */
export function withPrivateFiles<Result>(start: () => Result): Result {
  const earlier = process.umask(forOthers);
  try {
    return start();
  } finally {
    process.umask(earlier);
  }
}

/** Engines remove files while they run: one that is gone needs no closing. */
function close(path: string) {
  try {
    const entry = lstatSync(path);
    if (!entry.isSymbolicLink() && (entry.mode & forOthers) !== 0) chmodSync(path, entry.mode & 0o700);
    return entry;
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EPERM'].includes(String(error.code))) return null;
    throw error;
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
