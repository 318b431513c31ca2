import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { findProcess, isSameProcess } from '@rollcall/engines';

import { CliError } from '../cli-error.js';
import { portOf } from './service-process.js';
import { type StackPaths, stackPaths } from './stack-paths.js';

const followMs = 500;
const mostLooks = 360;

type Installation = Pick<StackPaths, 'directory' | 'apiKey'>;
type GatewayAnswer<Result> = Partial<Result> & { readonly status: number; readonly detail?: string };

/** Posts to the API of an installation, that of this folder unless told otherwise, and waits for what is not done at once. The answer holds nothing of `Result` when it was refused. */
export function askGateway<Result extends object>(
  path: string,
  body?: object,
  installation?: Installation,
): Promise<GatewayAnswer<Result>> {
  return request('POST', path, body, installation);
}

/** Reads from the API of the installation of this folder. */
export function readGateway<Result extends object>(path: string): Promise<GatewayAnswer<Result>> {
  return request('GET', path);
}

async function request<Result extends object>(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
  { directory, apiKey }: Installation = stackPaths(),
): Promise<GatewayAnswer<Result>> {
  const gateway = findProcess(directory, 'gateway');
  if (!gateway || !isSameProcess(gateway)) {
    throw new CliError('The gateway is not running.', 'Start it with `./rollcall up`, then repeat this command.');
  }
  const authorization = `Bearer ${readFileSync(apiKey, 'utf8').trim()}`;
  const origin = `http://127.0.0.1:${portOf(gateway)}`;
  const response = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { authorization, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Partial<Result> & Refusal;
  if (response.status === 202) return follow(`${origin}${response.headers.get('location')}`, authorization);
  return { ...(response.status === 200 ? answer : { detail: wordsOf(answer) }), status: response.status } as never;
}

interface Refusal {
  readonly detail?: string;
  readonly errors?: readonly { readonly message: string }[];
}

const wordsOf = ({ detail, errors = [] }: Refusal): string | undefined =>
  errors.map(({ message }) => message).join(' ') || detail;

async function follow(url: string, authorization: string): Promise<never> {
  for (let look = 0; look < mostLooks; look += 1) {
    const response = await fetch(url, { headers: { authorization } });
    const operation = (await response.json()) as { state: string; result: object; error: { message: string } | null };
    if (operation.state === 'done') return { ...operation.result, status: 200 } as never;
    if (operation.state !== 'pending') return { status: 409, detail: operation.error?.message } as never;
    await sleep(followMs);
  }
  throw new CliError('It is still not done after three minutes.', '`./rollcall status` says what does not work.');
}
