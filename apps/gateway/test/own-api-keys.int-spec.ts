import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeys } from '@rollcall/collections';
import type { ApiKey, AuditEvent, Grant, Page } from '@rollcall/contracts';

import type { GatewayUnderTest } from './gateway-under-test.js';
import { everywhere, Office, type SignedIn } from './office.js';

let office: Office;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  office = await Office.open();
  ({ gateway } = office);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

type Made = ApiKey & { readonly key: string };

const operatorWith = (...grants: Grant[]) => office.operatorWith(...grants);
const wish = (more: object = {}) => ({ name: 'My scripts', scopes: ['read'], ...more });
const ask = ({ browser }: SignedIn, body: object) => browser.send('post', '/own-api-keys').send(body);
const make = async (somebody: SignedIn, more: object = {}) =>
  (await ask(somebody, wish(more)).expect(201)).body as Made;
const keysOf = async ({ browser }: SignedIn) =>
  ((await browser.send('get', '/own-api-keys').expect(200)).body as Page<ApiKey>).items;

describe('keys that people make for themselves', () => {
  it('are shown once, listed without the key, and open what their owner may do', async () => {
    const vera = await operatorWith(everywhere('viewer'));
    const made = await make(vera);
    expect(made).toMatchObject({ owner: `operator:${vera.id}`, scopes: ['read'], limit: null, revokedAt: null });
    expect(new Date(made.expiresAt!).getTime()).toBeLessThan(gateway.environment.databases.timeMs() + 91 * 86_400_000);
    const { key, ...shown } = made;
    expect(await keysOf(vera)).toEqual([shown]);
    expect((await vera.browser.send('get', `/own-api-keys/${made.id}`).expect(200)).body).toEqual(shown);
    await gateway.as('get', '/runs', key).expect(200);
    await gateway.as('get', '/api-keys', key).expect(403);
  });

  it('open at most that: other scopes and wider limits are refused, and nothing is made', async () => {
    const olga = await operatorWith(everywhere('viewer'), {
      role: 'operator',
      limit: { integrations: ['int-1'], apps: [] },
    });
    const refused = await ask(olga, wish({ scopes: ['read', 'admin'] })).expect(403);
    expect(refused.body).toMatchObject({ code: 'missing-scope', errors: [{ pointer: '/scopes/1' }] });
    const wider = { scopes: ['write'], limit: { integrations: ['int-1', 'int-2'] } };
    expect((await ask(olga, wish(wider)).expect(403)).body).toMatchObject({
      errors: [{ pointer: '/limit/integrations/1' }],
    });
    await ask(olga, wish({ owner: 'operator:somebody-else' })).expect(400);
    expect(await keysOf(olga)).toEqual([]);
    const { key } = await make(olga, { scopes: ['read', 'write'] });
    await gateway.as('post', '/saas-apps', key).send({ name: 'App' }).expect(403);
  });

  it('lose a right with their owner, and end with them', async () => {
    const rita = await operatorWith(everywhere('viewer'), everywhere('admin'));
    const { key } = await make(rita, { scopes: ['read', 'admin'] });
    await gateway.as('get', '/api-keys', key).expect(200);
    await office.change(rita.id, { grants: [everywhere('viewer')] });
    await gateway.as('get', '/api-keys', key).expect(403);
    await office.change(rita.id, { state: 'disabled' });
    await gateway.as('get', '/runs', key).expect(401);
  });

  it('are revoked by their owner, and neither seen nor revoked by anybody else in this way', async () => {
    const [tom, ute] = [await operatorWith(everywhere('viewer')), await operatorWith(everywhere('admin'))];
    const { id, key } = await make(tom);
    await ute.browser.send('get', `/own-api-keys/${id}`).expect(404);
    await ute.browser.send('delete', `/own-api-keys/${id}`).expect(404);
    expect(await keysOf(ute)).toEqual([]);
    await gateway.as('get', '/runs', key).expect(200);
    const { body } = await tom.browser.send('delete', `/own-api-keys/${id}`).expect(200);
    expect((body as ApiKey).revokedAt).not.toBeNull();
    await gateway.as('get', '/runs', key).expect(401);
  });

  it('are made by people who are signed in and by no key, not even one of theirs', async () => {
    const vic = await operatorWith(everywhere('viewer'));
    const { key } = await make(vic);
    for (const [method, path] of [
      ['post', '/own-api-keys'],
      ['get', '/own-api-keys'],
    ] as const) {
      const { body } = await gateway
        .as(method, path, key)
        .send(method === 'post' ? wish() : undefined)
        .expect(403);
      expect(body).toMatchObject({ code: 'session-needed' });
    }
    await gateway.plain('post', '/own-api-keys').send(wish()).expect(401);
  });

  it('are twenty at most; those that are of no use any more do not count', async () => {
    const wim = await operatorWith(everywhere('viewer'));
    const { id } = await make(wim);
    const stored = gateway.environment.databases.collection(apiKeys);
    const { _id, hash, ...one } = (await stored.findOne({ _id: id }))!;
    await stored.insertMany(
      Array.from({ length: 19 }, (_, place) => ({ ...one, _id: `${_id}-${place}`, hash: `${hash}-${place}` })),
    );
    expect((await ask(wim, wish()).expect(409)).body).toMatchObject({ code: 'too-many-keys' });
    await wim.browser.send('delete', `/own-api-keys/${id}`).expect(200);
    await stored.updateOne({ _id: `${_id}-1` }, { $set: { expiresAt: new Date(0) } });
    await make(wim);
    await make(wim);
    await ask(wim, wish()).expect(409);
  });

  it('leave their values in the audit, and never the key', async () => {
    const xenia = await operatorWith(everywhere('viewer'));
    const { id, key } = await make(xenia, { name: 'Audited' });
    await xenia.browser.send('delete', `/own-api-keys/${id}`).expect(200);
    const filter = `object eq "own-api-keys/${id}"`;
    const { items } = (await gateway.as('get', '/audit-events').query({ filter }).expect(200)).body as Page<AuditEvent>;
    expect(items.map(({ operation, actor }) => [operation, actor])).toEqual([
      ['revokeOwnApiKey', `operator:${xenia.id}`],
      ['createOwnApiKey', `operator:${xenia.id}`],
    ]);
    expect(items[0]!.changes).toEqual([{ pointer: '/revokedAt', from: null, to: expect.any(String) }]);
    expect(items[1]!.changes).toEqual([
      { pointer: '', from: null, to: expect.objectContaining({ name: 'Audited', scopes: ['read'] }) },
    ]);
    expect(JSON.stringify(items)).not.toContain(key);
  });
});
