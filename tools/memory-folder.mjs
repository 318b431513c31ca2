import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { freemem, userInfo } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const GIB = 1024 ** 3;
const ROOM_IN_IT = 4 * GIB;
const ROOM_BESIDE_IT = 6 * GIB;

/**
 * Folder in memory for what tests write and nobody keeps, this user's alone: engines wait for the disk at each commit.
 * @returns {string | null} null where there is no file system in memory or not enough room; the disk serves as well
 */
export function memoryFolder() {
  const { uid } = userInfo();
  const folder = join(MEMORY, `rollcall-tests-${uid}`);
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < ROOM_IN_IT || freemem() < ROOM_BESIDE_IT) return null;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    // Everybody may write there: a folder or link that somebody else has put in place is not used.
    return found.isDirectory() && found.uid === uid ? folder : null;
  } catch {
    return null;
  }
}

/**
 * A temporary folder in `folder` for this process. What processes left there that were killed is deleted.
 * @param {string} folder
 */
export function temporaryFolder(folder) {
  for (const name of readdirSync(folder)) {
    const owner = /^tmp-(\d+)-/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(join(folder, name), { recursive: true, force: true });
  }
  return mkdtempSync(join(folder, `tmp-${process.pid}-`));
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
