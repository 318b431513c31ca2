import { readFileSync } from 'node:fs';

import { findProcess, isSameProcess } from '@rollcall/engines';

import { CliError } from '../cli-error.js';
import { portOf } from './service-process.js';
import { stackPaths } from './stack-paths.js';

/** Posts to the API of the installation of this folder. The answer holds nothing of `Result` when it was refused. */
export async function askGateway<Result extends object>(
  path: string,
): Promise<Partial<Result> & { readonly status: number; readonly detail?: string }> {
  const { directory, apiKey } = stackPaths();
  const gateway = findProcess(directory, 'gateway');
  if (!gateway || !isSameProcess(gateway)) {
    throw new CliError('The gateway is not running.', 'Start it with `./rollcall up`, then repeat this command.');
  }
  const response = await fetch(`http://127.0.0.1:${portOf(gateway)}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readFileSync(apiKey, 'utf8').trim()}` },
  });
  const answer = (await response.json()) as Partial<Result> & { detail?: string };
  return { ...(response.status === 200 ? answer : { detail: answer.detail }), status: response.status } as never;
}
