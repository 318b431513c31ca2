import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs one file of test/proof. Whether it passes, fails or hangs until somebody ends it: none of its processes is left.
 * @param {string} file name without suffix
 * @param {Record<string, string>} variables
 * @returns {Promise<number>} 0 when it passed
 */
export async function runProof(file, variables) {
  const engines = mkdtempSync(join(tmpdir(), 'rollcall-proof-'));
  const args = ['tools/jest.mjs', '--selectProjects', 'proof', `test/proof/${file}`];
  // A group of its own: services are in it. Engines are not, and are found by their directory.
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    detached: true,
    env: { ...process.env, ...variables, PROOF_ENGINES: engines },
  });
  let isOver = false;
  const end = () => {
    isOver = true;
    endGroup(child.pid);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  try {
    const status = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
    return isOver ? 1 : status;
  } finally {
    endGroup(child.pid);
    if (existsSync(engines)) {
      const { stopLeftovers } = await import('@rollcall/engines');
      await stopLeftovers(engines);
      rmSync(engines, { recursive: true, force: true });
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, end);
  }
}

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody is left in it.
    if (error.code !== 'ESRCH') throw error;
  }
}
