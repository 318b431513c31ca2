import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeys } from '@rollcall/collections';
import { waitFor } from '@rollcall/testing';

import { Browser } from './browser.js';
import type { GatewayUnderTest } from './gateway-under-test.js';
import { everywhere, Office, password, type SignedIn } from './office.js';

/** What was taken away opens nothing any more after so long, whichever gateway is asked. */
const promisedMs = 5_000;

let office: Office;
let other: GatewayUnderTest;

beforeAll(async () => {
  office = await Office.open();
  other = await office.gateway.addReplica();
}, 120_000);
afterAll(async () => office?.gateway.stop(), 60_000);

/** Somebody who is signed in at the other gateway, with a key of their own that it has seen lately. */
async function atOther(...roles: Parameters<typeof everywhere>[0][]) {
  const somebody: SignedIn = await office.operatorWith(...roles.map(everywhere));
  const browser = new Browser(other);
  expect((await browser.signIn(somebody.email, password)).status).toBe(200);
  const wish = { name: 'Mine', scopes: ['read', ...(roles.includes('admin') ? ['admin'] : [])] };
  const { body } = await browser.send('post', '/own-api-keys').send(wish).expect(201);
  const { id: keyId, key } = body as { id: string; key: string };
  const asked = {
    session: async (path: string) => (await browser.send('get', path)).status,
    key: async (path: string) => (await other.as('get', path, key)).status,
  };
  expect([await asked.session('/runs'), await asked.key('/runs')]).toEqual([200, 200]);
  return { ...somebody, browser, key, keyId, asked };
}

/** The other gateway is asked all the time meanwhile, so that whatever it keeps in memory is in use. */
async function untilAnswered(status: number, ask: () => Promise<number>): Promise<void> {
  const from = performance.now();
  await waitFor(`the other gateway to answer ${status}`, async () => (await ask()) === status, promisedMs);
  expect(performance.now() - from).toBeLessThan(promisedMs);
}

describe('what is taken away at one gateway (P29)', () => {
  it('ends at every other one: an operator who is disabled, with session and keys', async () => {
    const { id, email, asked } = await atOther('viewer');
    expect((await office.change(id, { state: 'disabled' })).status).toBe(200);
    await untilAnswered(401, () => asked.session('/runs'));
    await untilAnswered(401, () => asked.key('/runs'));
    expect((await new Browser(other).signIn(email, password)).status).toBe(401);
  });

  it('ends at every other one: a role, for the session and for keys', async () => {
    const { id, asked } = await atOther('viewer', 'admin');
    expect([await asked.session('/operators'), await asked.key('/operators')]).toEqual([200, 200]);
    expect((await office.change(id, { grants: [everywhere('viewer')] })).status).toBe(200);
    await untilAnswered(403, () => asked.session('/operators'));
    await untilAnswered(403, () => asked.key('/operators'));
    expect(await asked.session('/runs')).toBe(200);
  });

  it('ends at every other one: a key', async () => {
    const { keyId, asked } = await atOther('viewer');
    await office.administrator.send('delete', `/api-keys/${keyId}`).expect(200);
    await untilAnswered(401, () => asked.key('/runs'));
    expect(await asked.session('/runs')).toBe(200);
  });

  it('ends at every other one: the sessions of somebody who was signed out', async () => {
    const { id, browser, asked } = await atOther('viewer');
    await office.administrator.send('post', `/operators/${id}/sign-out`).expect(200);
    await untilAnswered(401, () => asked.session('/runs'));
    expect((await browser.refresh()).status).toBe(401);
  });

  it('ends at every other one: a right of a key that names its owner by name, as older ones do', async () => {
    const { id, name, keyId, asked } = await atOther('viewer', 'admin');
    const stored = office.gateway.environment.databases.collection(apiKeys);
    await stored.updateOne({ _id: keyId }, { $set: { owner: name } });
    expect(await asked.key('/operators')).toBe(200);
    expect((await office.change(id, { grants: [everywhere('viewer')] })).status).toBe(200);
    await untilAnswered(403, () => asked.key('/operators'));
    expect((await office.change(id, { state: 'disabled' })).status).toBe(200);
    await untilAnswered(401, () => asked.key('/runs'));
  });
});
