import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

// eslint-disable-next-line no-control-regex -- colour codes are control characters, and stand in the way of the patterns
const COLOURS = /\u001b\[[\d;]*m/g;

/**
 * Runs one part, gives each line of its output to `show` as it comes, and judges it.
 * @param {{ command: string[], budgetSeconds: number, isWarning: (line: string) => boolean }} part
 * @param {{ cwd: string, signal: AbortSignal, show: (line: string) => void }} options aborting ends the part with everything that it started.
 * @returns {Promise<{ seconds: number, problem: string | null }>} problem = one sentence, null when the part passed.
 */
export async function runPart({ command: [program, ...args], budgetSeconds, isWarning }, { cwd, signal, show }) {
  const started = performance.now();
  /** @type {string[]} */
  const warnings = [];
  // A group of its own, so that ending it also ends the engines and services that tests have started.
  const child = spawn(program, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutColours(),
  });
  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  };
  let isHanging = false;
  const timer = setTimeout(() => {
    isHanging = true;
    endGroup();
  }, budgetSeconds * 2000);
  signal.addEventListener('abort', endGroup);

  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      show(line);
      const plain = line.replace(COLOURS, '');
      if (isWarning(plain)) warnings.push(plain.trim());
    });
  }
  const code = await new Promise((done) => {
    child.on('error', (error) => done(error.message));
    child.on('close', done);
  });
  clearTimeout(timer);
  signal.removeEventListener('abort', endGroup);

  const seconds = Math.round((performance.now() - started) / 100) / 10;
  return { seconds, problem: problemOf({ code, isHanging, isInterrupted: signal.aborted, warnings, budgetSeconds }) };
}

/** Neither variable is set rather than one: Node warns when it meets both, and Jest's workers add one of their own. */
function withoutColours() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !['FORCE_COLOR', 'NO_COLOR'].includes(name)),
  );
}

/** @param {{ code: unknown, isHanging: boolean, isInterrupted: boolean, warnings: readonly string[], budgetSeconds: number }} options */
function problemOf({ code, isHanging, isInterrupted, warnings, budgetSeconds }) {
  if (isInterrupted) return 'was interrupted';
  if (isHanging) return `was ended after ${budgetSeconds * 2} s, twice its budget`;
  if (code !== 0) return `ended with ${code}`;
  if (warnings.length > 0) return `passed with ${warnings.length} warnings, the first: ${warnings[0].slice(0, 200)}`;
  return null;
}
