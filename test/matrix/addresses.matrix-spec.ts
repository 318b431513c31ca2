import { createServer, type Server } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CountingBudget, createVendorHttp } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import { AppError } from '@rollcall/contracts';
import { EgressClient, EgressError, isFullHost } from '@rollcall/egress';

import { baseUrlOf } from '../../apps/credential-vault/src/credentials/credential-host.js';
import { TokenEndpoint } from '../../apps/credential-vault/src/tokens/token-endpoint.js';
import { tokenUrlOf } from '../../apps/credential-vault/src/tokens/token-request.js';
import { innerPorts, insideHosts, oddUrls } from './addresses.js';
import { Bench, origin } from './bench.js';
import { matrixVendors } from './vendors.js';

/** Whatever listens on this machine, and must never hear of a vendor's address (P27). */
let canary: Server;
let connections = 0;
let port: number;
let client: EgressClient;
let tokens: TokenEndpoint;

beforeAll(async () => {
  canary = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  port = (canary.address() as { port: number }).port;
  client = EgressClient.create({ allowedHosts: [], ports: [port] });
  tokens = new TokenEndpoint({ ALLOW_LOOPBACK: false } as never);
});
afterAll(async () => {
  await client.close();
  await tokens.onApplicationShutdown();
  await new Promise((resolve) => canary.close(resolve));
  expect(connections).toBe(0);
});

const inside = [
  ...insideHosts.map((host) => `https://${host}/`),
  ...insideHosts.map((host) => `https://${host}:443/api`),
];
const all = [...inside, ...oddUrls, ...innerPorts.map((inner) => `https://127.0.0.1:${inner}/`)];
const canaryUrls = (): string[] => insideHosts.map((host) => `https://${host}:${port}/`);

/** Refused when it is saved, or when it is used: by name, and without a connection. */
async function refusedAtLast(save: () => string, use: (url: string) => Promise<unknown>): Promise<void> {
  let url: string;
  try {
    url = save();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return;
  }
  await use(url);
}

async function useAsBase(baseUrl: string): Promise<void> {
  const { manifest } = connectors['jumpcloud']!;
  const host = new URL(baseUrl).hostname;
  const http = createVendorHttp({
    egress: client.withHosts([host]),
    budget: new CountingBudget(),
    manifest,
    lease: () => ({
      credential: 'c',
      secretVersion: 1,
      tokenVersion: null,
      connector: manifest.id,
      type: 'api-key',
      baseUrl,
      fields: { key: 'canary-key' },
    }),
  });
  const asked = http.request({ operation: 'action', method: 'GET', path: '/systemusers' });
  const error: unknown = await asked.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect(JSON.stringify([(error as Error).message, (error as AppError).details])).not.toContain('canary-key');
}

describe('an address that leads inside, or is none,', () => {
  it.each(all)('is refused as base URL of a credential: %s', async (url) => {
    const { id, baseUrl, authSchemes } = connectors['jumpcloud']!.manifest;
    // Empty stands for the vendor's own.
    if (url.trim() === '') return;
    await refusedAtLast(() => baseUrlOf(url, { id, baseUrl, authSchemes }, false), useAsBase);
  });

  it.each(all)('is refused as token URL: %s', async (url) => {
    const scheme = connectors['ironclad-clickwrap']!.manifest.authSchemes.find(({ token }) => token !== undefined)!;
    if (url.trim() === '') return;
    await refusedAtLast(
      () => tokenUrlOf(scheme.token!, { tokenUrl: url }, false),
      async (used) => expect((await tokens.ask({ url: used, headers: {}, body: '' }, [])).kind).not.toBe('token'),
    );
  });

  it.each([
    ...insideHosts,
    ...oddUrls,
    '..',
    '../..',
    'a/b',
    'a%2fb',
    'a?b',
    'a#b',
    'a\nb',
    '{clientSecret}',
    '@evil.example',
  ])('cannot be reached through the tenant id: %j', (tenantId) => {
    const scheme = connectors['entra']!.manifest.authSchemes[0]!;
    let url: URL;
    try {
      url = new URL(tokenUrlOf(scheme.token!, { tenantId }, false));
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as Error).message).not.toContain('login.microsoftonline.com');
      return;
    }
    expect(url.origin).toBe('https://login.microsoftonline.com');
    expect(url.pathname.split('/')).toHaveLength(5);
  });

  it('is not called, whatever is allowed, when something listens there', async () => {
    for (const url of canaryUrls()) {
      const asked =
        URL.canParse(url) && isFullHost(new URL(url).hostname)
          ? client.withHosts([new URL(url).hostname]).request({ method: 'GET', url })
          : Promise.reject(new EgressError('blocked-url', 'no address', {}));
      await expect(asked.catch((error: unknown) => (error as Error).constructor.name)).resolves.toBe('EgressError');
    }
  });

  it('is not called behind a name that turns inside, or has one outside and one inside', async () => {
    for (const addresses of [
      ['127.0.0.1'],
      ['93.184.216.34', '127.0.0.1'],
      ['10.0.0.1'],
      ['::1'],
      ['169.254.169.254'],
    ]) {
      const rebound = EgressClient.create({
        allowedHosts: ['rebind.example.com'],
        ports: [port],
        resolver: () => Promise.resolve(addresses),
      });
      const asked = rebound.request({ method: 'GET', url: `https://rebind.example.com:${port}/` });
      await expect(asked).rejects.toMatchObject({ code: 'blocked-address' });
      await rebound.close();
    }
  });
});

describe('a next page that lies elsewhere (V22)', () => {
  const entra = matrixVendors.find(({ id }) => id === 'entra')!;
  const links = [
    ...all.filter((url) => url.trim() !== ''),
    'https://vendor.test.evil.example/v1.0/users?$skiptoken=1',
    'https://vendor.test@evil.example/v1.0/users',
    'https://vendor.test:8443/v1.0/users?$skiptoken=1',
    'http://vendor.test/v1.0/users?$skiptoken=1',
    'https://VENDOR.TEST.:443/v1.0/users',
    'https://vendor.test/v1.0/groups?$skiptoken=1',
    'https://vendor.test/v1.0/users/../groups',
  ];

  it.each(links)('is not asked for: %s', async (link) => {
    const bench = new Bench(entra, {
      alter: (text, { call }) =>
        call.operation === 'list'
          ? text.replace(/"@odata\.nextLink":"[^"]*"/, `"@odata.nextLink":${JSON.stringify(link)}`)
          : text,
    });
    const { error } = await bench.read();
    expect(['vendor-foreign-cursor', 'vendor-answer-unexpected']).toContain(bench.named(error).code);
    expect(bench.egress.ofOperation('list')).toHaveLength(1);
    for (const { request } of bench.egress.sent) expect(new URL(request.url).origin).toBe(origin);
  });

  const lever = matrixVendors.find(({ id }) => id === 'lever')!;
  it.each(['https://127.0.0.1/', '../../secrets', '&perform_as=admin', '#', 'a b\r\nX-Injected: 1', '%2e%2e%2f'])(
    'is a value and nothing more where the cursor is opaque: %j',
    async (next) => {
      const bench = new Bench(lever, {
        alter: (text, { call }) =>
          call.operation === 'list' ? text.replace(/"next":"[^"]*"/, `"next":${JSON.stringify(next)}`) : text,
      });
      await bench.read();
      const second = bench.egress.ofOperation('list')[1]!;
      const url = new URL(second.request.url);
      expect([url.origin, url.pathname, url.searchParams.get('offset')]).toEqual([origin, '/v1/users', next]);
      expect([...url.searchParams.keys()].sort()).toEqual(['includeDeactivated', 'limit', 'offset']);
    },
  );
});

describe.each(matrixVendors)('a redirect of $id (V21)', (matrix) => {
  it('is not followed, wherever it leads', async () => {
    for (const [index, location] of all.entries()) {
      const bench = new Bench(matrix, { pages: 1 });
      const safe = location.replaceAll(/[^\x21-\x7e]/g, '');
      bench.plan({ kind: 'status', status: [301, 302, 303, 307, 308][index % 5]!, headers: { location: safe } });
      const { error } = await bench.read();
      expect(bench.named(error).code).toBe('vendor-redirected');
      expect(bench.egress.ofOperation('list')).toHaveLength(1);
    }
  });
});

it.each(matrixVendors)('the own address of $id is fine', ({ connector }) => {
  const { id, baseUrl, authSchemes } = connector.manifest;
  expect(baseUrlOf(null, { id, baseUrl, authSchemes }, false)).toBe(baseUrl);
  expect(baseUrlOf(baseUrl, { id, baseUrl, authSchemes }, false)).toBe(baseUrl);
  for (const { token } of authSchemes) {
    if (token === undefined) continue;
    const own = tokenUrlOf(token, { tenantId: '1d2c3b4a-0000-4000-8000-7e57e57e57e5' }, false);
    expect(new URL(own).protocol).toBe('https:');
  }
});
