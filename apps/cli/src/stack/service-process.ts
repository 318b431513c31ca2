import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { findFreePort, findProcess, type ManagedProcess, startProcess, stopProcess } from '@rollcall/engines';

import { CliError } from '../cli-error.js';
import { lastLogLine } from './log-lines.js';
import { askReadiness } from './readiness.js';
import { mainFileOf } from './stack-paths.js';

/** A busy machine needs minutes for what takes seconds otherwise. */
const READY_WITHIN_MS = 300_000;
const TELL_EVERY_MS = 20_000;
const POLL_MS = 200;
export const SERVICE_GRACE_MS = 20_000;
/**
 * A slice of a thousand users lives long enough to be promoted. With V8's small first heap that means a full collection
 * every few slices, over a third of the CPU of a first load; a larger first heap has few, within the memory bar.
 */
const HEAP_FLAGS = ['--max-old-space-size=256', '--initial-old-space-size=128', '--max-semi-space-size=24'];
const START_TRIES = 3;

export interface ServicePlan {
  /** Folder below apps/, also the name of the process. */
  name: string;
  root: string;
  directory: string;
  preferredPort: number;
  /** Without PORT, which is chosen here. */
  env: Record<string, string>;
}

/**
 * The service, running with exactly this code and environment: an earlier process is kept if it is the same and
 * ready, else replaced. Does not wait for it to become ready.
 * @param promised ports given to others a moment ago; the chosen one is added
 */
export async function ensureService(plan: ServicePlan, promised: Set<number>): Promise<ManagedProcess> {
  const main = mainFileOf(plan.root, plan.name);
  if (!existsSync(main)) throw new CliError(`${plan.name} is not built: ${main} is missing.`, 'Run `npm run build`.');
  const fingerprint = fingerprintOf(plan, main);
  const earlier = findProcess(plan.directory, plan.name);
  if (earlier?.alive && earlier.details.fingerprint === fingerprint && (await isReady(earlier))) return earlier;
  await stopProcess(plan.name, plan.directory, { graceMs: SERVICE_GRACE_MS });
  return launch(plan, main, fingerprint, promised);
}

/**
 * Starts it again when it ends meanwhile, a few times.
 * @throws CliError with the last line of its log when it ends each time, or stays unready
 */
export async function waitUntilReady(
  plan: ServicePlan,
  promised: Set<number>,
  log: (line: string) => void,
): Promise<ManagedProcess> {
  const beganAt = performance.now();
  let toldAt = beganAt;
  let detail = 'no answer';
  for (let attempt = 1; performance.now() - beganAt < READY_WITHIN_MS;) {
    const current = findProcess(plan.directory, plan.name);
    if (!current?.alive) {
      if (attempt++ >= START_TRIES) break;
      await ensureService(plan, promised);
      continue;
    }
    const answer = await askReadiness(portOf(current));
    if (answer.ready) return current;
    detail = answer.detail;
    if (performance.now() - toldAt > TELL_EVERY_MS) {
      toldAt = performance.now();
      log(`Waiting for ${plan.name}: ${detail}`);
    }
    await sleep(POLL_MS);
  }
  throw notReady(plan, detail);
}

/** The same service again, on the port it had if that is free. Does not wait for it to become ready. */
export async function startAgain(plan: ServicePlan): Promise<void> {
  const main = mainFileOf(plan.root, plan.name);
  const earlier = findProcess(plan.directory, plan.name);
  const preferredPort = earlier ? portOf(earlier) : plan.preferredPort;
  await launch({ ...plan, preferredPort }, main, fingerprintOf(plan, main), new Set());
}

export const portOf = (process: ManagedProcess): number => Number(process.details.port);

async function launch(plan: ServicePlan, main: string, fingerprint: string, promised: Set<number>) {
  const port = await findFreePort(plan.preferredPort, promised);
  promised.add(port);
  return startProcess({
    name: plan.name,
    command: process.execPath,
    args: [...HEAP_FLAGS, '--disable-warning=ExperimentalWarning', main],
    env: { ...plan.env, PORT: String(port) },
    directory: plan.directory,
    cwd: plan.root,
    details: { port, fingerprint },
  });
}

const isReady = async (process: ManagedProcess): Promise<boolean> => (await askReadiness(portOf(process))).ready;

/** Changes when the code was built anew or a setting differs. A hash, because settings may be secrets. */
function fingerprintOf({ env, root }: ServicePlan, main: string): string {
  const built = [dirname(main), ...builtLibs(root)].map((folder) => mtimeOf(join(folder, '.tsbuildinfo')));
  const state = JSON.stringify([env, process.version, mtimeOf(main), ...built]);
  return createHash('sha256').update(state).digest('hex').slice(0, 16);
}

const builtLibs = (root: string): string[] =>
  readdirSync(join(root, 'libs')).map((lib) => join(root, 'libs', lib, 'dist'));

const mtimeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function notReady({ name, directory }: ServicePlan, detail: string): CliError {
  const ended = !findProcess(directory, name)?.alive;
  const what = ended
    ? `${name} ended ${START_TRIES} times while starting`
    : `${name} is not ready after ${READY_WITHIN_MS / 1000} s (${detail})`;
  const cure = ended
    ? `Mend what it says (all of it: \`./rollcall logs ${name}\`), then run \`./rollcall up\` again.`
    : `Run \`./rollcall up\` again: it goes on waiting and keeps what runs. \`./rollcall logs ${name}\` says more.`;
  return new CliError(`${what}. Its last line: ${lastLogLine(directory, name)}`, cure);
}
