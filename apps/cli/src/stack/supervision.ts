import { join } from 'node:path';

import { findProcess, type ManagedProcess, startProcess, stopProcess } from '@rollcall/engines';

import { CliError } from '../cli-error.js';
import { removeRestarts } from './restarts.js';
import { type ServicePlan } from './service-process.js';

export const supervisorName = 'supervisor';

/** Handed over in the environment, as settings of services are: they may be secrets, and a file would outlive them. */
export const supervisionVariable = 'ROLLCALL_SUPERVISION';

/** What one supervisor looks after. */
export interface Supervision {
  readonly root: string;
  readonly directory: string;
  readonly services: readonly ServicePlan[];
  /** Those that run as local processes. */
  readonly engines: readonly string[];
}

const engineNames = ['kafka', 'mongodb'];

/** Starts the process that watches the others from now on. It outlives this one. */
export async function startSupervisor(
  { root, directory, services }: Omit<Supervision, 'engines'>,
  env: NodeJS.ProcessEnv,
): Promise<ManagedProcess> {
  const engines = engineNames.filter((name) => findProcess(directory, name) !== null);
  const supervision: Supervision = { root, directory, services, engines };
  return startProcess({
    name: supervisorName,
    command: process.execPath,
    args: [
      '--max-old-space-size=64',
      '--disable-warning=ExperimentalWarning',
      join(root, 'apps', 'cli', 'dist', 'supervisor', 'main.js'),
    ],
    env: { ...env, [supervisionVariable]: JSON.stringify(supervision) },
    directory,
    cwd: root,
  });
}

/** Before anything else is stopped or replaced: it would start that again. */
export async function stopSupervisor(directory: string): Promise<boolean> {
  const result = await stopProcess(supervisorName, directory);
  removeRestarts(directory);
  return result !== 'not-running';
}

export function parseSupervision(text: string | undefined): Supervision {
  if (text !== undefined) return JSON.parse(text) as Supervision;
  throw new CliError('The supervisor was not told what to watch.', '`./rollcall up` starts it.');
}
