import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { selfSigned } from '@rollcall/testing';

import { LoopbackServers } from '../test/loopback-servers.js';
import { EgressClient } from './egress-client.js';

const day = 86_400_000;
const pair = selfSigned('api.vendor.example', { from: new Date(Date.now() - day), until: new Date(Date.now() + day) });
const servers = new LoopbackServers();
const ends: (() => Promise<unknown>)[] = [];

/** A proxy that notes what it is asked for and leads every tunnel to one server. */
async function startProxy(target: string, status = '200 OK'): Promise<{ port: number; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const sockets: Socket[] = [];
  const server = createServer().on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request);
    const behind = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write(`HTTP/1.1 ${status}\r\n\r\n`);
      behind.pipe(socket).pipe(behind);
    });
    for (const end of [socket, behind]) sockets.push(end.on('error', () => undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

function client(proxyUrl: string, address = '8.8.8.8'): EgressClient {
  const made = EgressClient.create({
    allowedHosts: ['*.vendor.example'],
    certificateAuthority: pair.cert,
    proxyUrl,
    resolver: async () => [address],
  });
  ends.push(() => made.close());
  return made;
}

const request = { method: 'GET', url: 'https://api.vendor.example/users?key=example' };

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
afterAll(() => servers.end());

describe('EgressClient through a configured proxy', () => {
  it('asks the proxy for the classified address and speaks TLS with the vendor behind it', async () => {
    const vendor = await servers.https(pair, (incoming, response) => response.end(incoming.url));
    const proxy = await startProxy(vendor);
    const answer = await client(`http://user:example%20password@127.0.0.1:${proxy.port}`).request(request);
    expect(answer.text).toBe('/users?key=example');
    expect(proxy.asked.map(({ url }) => url)).toEqual(['8.8.8.8:443']);
    const authorization = `Basic ${Buffer.from('user:example password').toString('base64')}`;
    expect(proxy.asked[0]!.headers['proxy-authorization']).toBe(authorization);
  });

  it('refuses internal addresses before the proxy hears of them (P27)', async () => {
    const proxy = await startProxy('http://127.0.0.1:1');
    const refused = client(`http://127.0.0.1:${proxy.port}`, '169.254.169.254').request(request);
    await expect(refused).rejects.toMatchObject({ code: 'blocked-address' });
    expect(proxy.asked).toHaveLength(0);
  });

  it('checks the certificate behind the proxy', async () => {
    const other = selfSigned('other.example', { from: new Date(Date.now() - day), until: new Date(Date.now() + day) });
    const proxy = await startProxy(await servers.https(other, (_request, response) => response.end()));
    await expect(client(`http://127.0.0.1:${proxy.port}`).request(request)).rejects.toMatchObject({
      code: 'tls-failed',
    });
  });

  it('says that the proxy refused, without its password', async () => {
    const vendor = await servers.https(pair, (_request, response) => response.end());
    const proxy = await startProxy(vendor, '407 Proxy Authentication Required');
    const refused = client(`http://user:example-password@127.0.0.1:${proxy.port}`).request(request);
    await expect(refused).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^The configured proxy did not open a way to api\.vendor\.example \(status 407\)/),
    });
  });

  it('refuses a proxy URL that is none', () => {
    expect(() => client('socks5://127.0.0.1:1')).toThrow('The proxy URL is not an http or https address');
  });
});
