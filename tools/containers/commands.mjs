import { spawn, spawnSync } from 'node:child_process';

/**
 * Runs a program to its end and returns what it wrote to standard output.
 * @param {string[]} command program and arguments
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, show?: boolean }} [options] `show` lets the output through instead
 * @returns {Promise<string>}
 */
export function run([program, ...args], { env = process.env, cwd, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, stdio: ['ignore', show ? 'inherit' : 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout?.on('data', (bytes) => (output.stdout += bytes));
    child.stderr?.on('data', (bytes) => {
      output.stderr += bytes;
      if (show) process.stderr.write(bytes);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve(output.stdout.trim());
      const why = (output.stderr.trim() || output.stdout.trim()).split('\n').slice(-5).join('\n');
      return reject(new Error(`${program} ${args.slice(0, 4).join(' ')} … ended with ${code}: ${why}`));
    });
  });
}

/** Does the command end well? Says nothing. */
export const succeeds = (/** @type {readonly string[]} */ [program, ...args], env = process.env) =>
  spawnSync(program, args, { env, stdio: 'ignore' }).status === 0;
