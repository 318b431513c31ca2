import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { OperatorLink } from '@rollcall/contracts';
import request from 'supertest';

import { Browser } from './browser.js';
import { GatewayUnderTest } from './gateway-under-test.js';

jest.setTimeout(90_000);

const strangers = 5;
const ofKey = 20;

describe('limits of requests', () => {
  let gateway: GatewayUnderTest;

  const start = async (variables: Record<string, string> = {}) => {
    gateway = await GatewayUnderTest.start({
      ROLLCALL_STRANGER_REQUESTS_PER_MINUTE: String(strangers),
      ROLLCALL_KEY_REQUESTS_PER_MINUTE: String(ofKey),
      ...variables,
    });
  };
  afterEach(async () => gateway?.stop());

  const stranger = (forwardedFor?: string) => {
    const ask = gateway.plain('get', '/runs').set('x-api-key', 'garbage');
    return forwardedFor === undefined ? ask : ask.set('x-forwarded-for', forwardedFor);
  };
  const statusesOf = async (count: number, ask: () => request.Test) => {
    const statuses: number[] = [];
    for (let times = 0; times < count; times += 1) statuses.push((await ask()).status);
    return statuses;
  };

  it('stop strangers of one address, say when to come back, and leave keys that worked alone', async () => {
    await start();
    const other = await gateway.keyWith('read');
    const unused = await gateway.keyWith('read');
    await gateway.as('get', '/runs', other).expect(200);
    expect(await statusesOf(strangers, stranger)).toEqual(Array.from({ length: strangers }, () => 401));
    const { status, headers, body } = await stranger();
    expect(status).toBe(429);
    const seconds = Number(headers['retry-after']);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60 / strangers);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect((body as { detail: string }).detail).toMatch(/without a valid API key.*wait \d+ seconds? \(Retry-After\)/);
    // Paths that do not exist and bodies are no way around it, and cost no look-up either.
    await gateway.plain('get', '/nowhere').expect(429);
    await gateway.plain('post', '/credentials').send({ name: 'x' }).expect(429);
    await gateway.as('get', '/runs', unused).expect(429);
    await gateway.as('get', '/runs', other).expect(200);
    await gateway.as('get', '/runs').expect(200);
  });

  it('do not count requests with a valid key against their address', async () => {
    await start();
    const keys = [];
    for (let made = 0; made < strangers + 3; made += 1) keys.push(await gateway.keyWith('read'));
    for (const key of keys) await gateway.as('get', '/runs', key).expect(200);
    expect(await statusesOf(strangers, stranger)).not.toContain(429);
  });

  it('stop a key that asks too often, wherever it asks, and no other key, nor health and metrics', async () => {
    await start();
    const key = await gateway.keyWith('read');
    expect(await statusesOf(ofKey - 1, () => gateway.as('get', '/runs', key))).not.toContain(429);
    await gateway.as('get', '/nowhere', key).expect(404);
    const { body, headers } = await gateway.as('get', '/runs', key).expect(429);
    expect((body as { detail: string }).detail).toContain(`more than ${ofKey} requests in a minute`);
    expect((body as { detail: string }).detail).toContain('ROLLCALL_KEY_REQUESTS_PER_MINUTE');
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    await gateway.as('get', '/runs').expect(200);
    const server = gateway.app.getHttpServer() as Parameters<typeof request>[0];
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect(await statusesOf(2 * strangers, () => request(server).get(path))).not.toContain(429);
    }
    const { text } = await request(server).get('/metrics');
    expect(text).toMatch(/rollcall_requests_refused_total\{of="key",service="gateway"\} 1/);
  });

  it('stop a session that asks too often, also when it gets new tokens in between', async () => {
    await start();
    const invite = { email: 'iris@example.com', name: 'Iris', grants: [{ role: 'viewer', limit: null }] };
    const { link } = (await gateway.as('post', '/operators').send(invite).expect(201)).body as { link: OperatorLink };
    const browser = new Browser(gateway);
    expect((await browser.redeem(link.token, 'an example password of many words')).status).toBe(200);
    const ask = () => browser.send('get', '/runs');
    expect(await statusesOf(ofKey - 5, ask)).not.toContain(429);
    expect((await browser.refresh()).status).toBe(200);
    expect(await statusesOf(ofKey - 5, ask)).toContain(429);
  });

  it('cannot be got around with a forged X-Forwarded-For, since nobody is trusted to send it', async () => {
    await start();
    let sent = 0;
    const statuses = await statusesOf(strangers + 2, () => stranger(`198.51.100.${(sent += 1)}`));
    expect(statuses.slice(-2)).toEqual([429, 429]);
  });

  it('go by the address that a trusted proxy saw, and not by what was forged before it', async () => {
    await start({ TRUST_PROXY: 'loopback' });
    expect(await statusesOf(strangers, () => stranger('198.51.100.1'))).not.toContain(429);
    await stranger('198.51.100.1').expect(429);
    await stranger('203.0.113.9, 198.51.100.1').expect(429);
    await stranger('198.51.100.2').expect(401);
  });
});
