import { type AddressInfo, createServer, type Server } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { findFreePort } from './ports.js';

const servers: Server[] = [];

function occupy(port: number): Promise<number> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => resolve((server.address() as AddressInfo).port));
  });
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('findFreePort', () => {
  it('skips a port that somebody listens on', async () => {
    const occupied = await occupy(0);
    const port = await findFreePort(occupied);
    expect(port).toBeGreaterThan(occupied);
    await expect(occupy(port)).resolves.toBe(port);
  });

  it('skips ports that were promised a moment ago', async () => {
    const first = await findFreePort(41_500);
    expect(await findFreePort(41_500, new Set([first]))).toBeGreaterThan(first);
  });

  it('says so when no port is left', async () => {
    await expect(findFreePort(65_536)).rejects.toMatchObject({ code: 'NO_FREE_PORT' });
  });
});
