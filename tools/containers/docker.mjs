import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { succeeds } from './commands.mjs';
import { answers, startOwnDaemon } from './own-daemon.mjs';

/** Packages, images and data of a daemon of our own. Outside the checkout, and kept for the next run. */
export const workDirectory = () => process.env.ROLLCALL_CONTAINERS_DIR || join(tmpdir(), 'rollcall-containers');

/**
 * The Docker daemon of this machine if it answers; else one of our own, where that is possible: as root on Debian.
 * @param {{ log: (line: string) => void }} options
 * @returns {Promise<{ env: NodeJS.ProcessEnv, root: string | null, isOwn: boolean, stop: () => Promise<void> }>}
 */
export async function findDocker({ log }) {
  if (answers(process.env)) return { env: process.env, root: null, isOwn: false, stop: async () => undefined };
  if (process.getuid?.() !== 0 || !succeeds(['apt-get', '--version'])) {
    throw new Error('No Docker daemon answers. Start Docker; only as root on Debian can this script start one itself.');
  }
  log('No Docker daemon answers. Starting one out of Debian packages …');
  return { ...(await startOwnDaemon(workDirectory())), isOwn: true };
}
