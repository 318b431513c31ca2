import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { selfSigned } from '@rollcall/testing';

import { LoopbackServers } from '../test/loopback-servers.js';
import { EgressClient, type EgressOptions } from './egress-client.js';
import { tlsOptions } from './pinned-connection.js';

const day = 86_400_000;
const now = Date.now();
const valid = selfSigned('api.vendor.example', { from: new Date(now - day), until: new Date(now + day) });
const expired = selfSigned('api.vendor.example', { from: new Date(now - 9 * day), until: new Date(now - day) });
const servers = new LoopbackServers();
const clients: EgressClient[] = [];

async function ask(url: string, host: string, options: Partial<EgressOptions>): Promise<unknown> {
  const { port } = new URL(url);
  const client = EgressClient.create({
    allowedHosts: ['*.vendor.example'],
    ports: [Number(port)],
    allowLoopback: true,
    resolver: async () => ['127.0.0.1'],
    ...options,
  });
  clients.push(client);
  return client.request({ method: 'GET', url: `https://${host}:${port}/`, headers: { 'x-api-key': 'example' } });
}

afterEach(async () => {
  await Promise.all(clients.splice(0).map((made) => made.close()));
});
afterAll(() => servers.end());

describe('EgressClient and TLS (V5)', () => {
  let requests = 0;
  const start = (pair: { key: string; cert: string }): Promise<string> =>
    servers.https(pair, (_request, response) => {
      requests += 1;
      response.end('{}');
    });

  it('checks the certificate against the name although it connects to an address', async () => {
    const url = await start(valid);
    const answer = await ask(url, 'api.vendor.example', { certificateAuthority: valid.cert });
    expect(answer).toMatchObject({ status: 200, text: '{}' });
  });

  it('refuses self-signed, expired, foreign and missing certificates before anything is sent', async () => {
    requests = 0;
    const url = await start(valid);
    const plain = await servers.http((_request, response) => response.end('{}'));
    const old = await start(expired);
    const cases = [
      () => ask(url, 'api.vendor.example', {}),
      () => ask(old, 'api.vendor.example', { certificateAuthority: expired.cert }),
      () => ask(url, 'other.vendor.example', { certificateAuthority: valid.cert }),
      () => ask(plain, 'api.vendor.example', { certificateAuthority: valid.cert }),
    ];
    for (const request of cases) {
      await expect(request()).rejects.toMatchObject({ code: 'tls-failed', retriable: false });
    }
    expect(requests).toBe(0);
  });

  it('probes a host without sending anything: certificate and name must hold, an address must be there', async () => {
    requests = 0;
    const url = await start(valid);
    const { port } = new URL(url);
    const probe = (host: string, options: Partial<EgressOptions>) => {
      const client = EgressClient.create({
        allowedHosts: ['*.vendor.example'],
        ports: [Number(port)],
        allowLoopback: true,
        resolver: async () => ['127.0.0.1'],
        ...options,
      });
      clients.push(client);
      return client.probe(`https://${host}:${port}/users`);
    };
    await expect(probe('api.vendor.example', { certificateAuthority: valid.cert })).resolves.toBeUndefined();
    await expect(probe('api.vendor.example', {})).rejects.toMatchObject({ code: 'tls-failed' });
    await expect(probe('other.example', {})).rejects.toMatchObject({ code: 'host-not-allowed' });
    const nowhere = { resolver: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })) };
    await expect(probe('api.vendor.example', nowhere)).rejects.toMatchObject({ code: 'unreachable' });
    await expect(probe('api.vendor.example', { allowLoopback: false })).rejects.toMatchObject({
      code: 'blocked-address',
    });
    expect(requests).toBe(0);
  });

  it('states that certificates are verified, because the environment can switch the default off', () => {
    expect(tlsOptions({})).toEqual({ rejectUnauthorized: true, minVersion: 'TLSv1.2' });
    expect(tlsOptions({ certificateAuthority: 'test' })).toHaveProperty('ca', 'test');
  });
});
