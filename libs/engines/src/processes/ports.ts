import { createServer } from 'node:net';

import { EngineError } from '../engine-error.js';

const TRIES = 200;

/**
 * First free loopback port at or above `preferred`, skipping `taken` (ports chosen a moment ago but not bound yet).
 * Another process may still take it before it is used: whoever binds it must be ready to ask again.
 */
export async function findFreePort(preferred: number, taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let port = preferred; port < preferred + TRIES && port < 65_536; port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new EngineError(
    'NO_FREE_PORT',
    `No free port between ${preferred} and ${preferred + TRIES - 1} on 127.0.0.1.`,
    'End programs that you no longer need; `./rollcall status` lists those of Rollcall.',
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
