import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeys } from '@rollcall/collections';
import type { Grant } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import type { Browser } from './browser.js';
import type { GatewayUnderTest } from './gateway-under-test.js';
import { everywhere, Office } from './office.js';

let office: Office;
let gateway: GatewayUnderTest;

beforeAll(async () => {
  office = await Office.open();
  ({ gateway } = office);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

const operatorWith = (...grants: Grant[]) => office.operatorWith(...grants);
const change = (id: string, body: object, by?: Browser) => office.change(id, body, by);

describe('a key made under the name or address of an operator', () => {
  const made = async (owner: string) =>
    (
      await gateway
        .as('post', '/api-keys')
        .send({ name: 'Theirs', scopes: ['read', 'admin'], owner })
        .expect(201)
    ).body as { id: string; key: string; owner: string };

  it('is theirs: within their rights, and closed at once when they are disabled', async () => {
    const { id, email, name } = await operatorWith(everywhere('viewer'));
    const owners = [email.toUpperCase(), name.toLowerCase(), `Operator:${id.toUpperCase()}`, id];
    const keys = await Promise.all(owners.map(made));
    expect(keys.map(({ owner }) => owner)).toEqual(owners.map(() => `operator:${id}`));
    for (const { key } of keys) {
      await gateway.as('get', '/runs', key).expect(200);
      await gateway.as('get', '/api-keys', key).expect(403);
    }
    expect((await change(id, { state: 'disabled' })).status).toBe(200);
    for (const { key } of keys) await gateway.as('get', '/runs', key).expect(401);
  });

  it('by an earlier version is theirs too, and nobody else but operators bounds or stops one', async () => {
    const { id, email, name } = await operatorWith(everywhere('viewer'));
    const { id: stored, key } = await made('nightly export');
    await gateway.as('get', '/api-keys', key).expect(200);
    const keys = gateway.environment.databases.collection(apiKeys);
    for (const owner of [` ${email.toUpperCase()}`, name.toUpperCase(), `Operator:${id}`]) {
      await keys.updateOne({ _id: stored }, { $set: { owner } });
      await gateway.as('get', '/runs', key).expect(200);
      await gateway.as('get', '/api-keys', key).expect(403);
    }
    expect((await change(id, { state: 'disabled' })).status).toBe(200);
    for (const owner of [email, name, `Operator:${id}`]) {
      await keys.updateOne({ _id: stored }, { $set: { owner } });
      await gateway.as('get', '/runs', key).expect(401);
    }
  });

  it('is not made where the name fits several, and an older one opens what all of them may do', async () => {
    const one = await operatorWith(everywhere('admin'));
    const other = await operatorWith(everywhere('viewer'));
    for (const { id } of [one, other]) expect((await change(id, { name: 'Sam Namesake' })).status).toBe(200);
    const wish = { name: 'Whose', scopes: ['read', 'admin'], owner: 'sam namesake' };
    const { body } = await gateway.as('post', '/api-keys').send(wish).expect(400);
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/owner' }] });
    const { id: stored, key } = await made('nightly import');
    const keys = gateway.environment.databases.collection(apiKeys);
    await keys.updateOne({ _id: stored }, { $set: { owner: wish.owner } });
    await gateway.as('get', '/runs', key).expect(200);
    // Who is called what is known anew within two seconds.
    await waitFor('the other to count', async () => (await gateway.as('get', '/api-keys', key)).status === 403);
    expect((await change(other.id, { state: 'disabled' })).status).toBe(200);
    await gateway.as('get', '/runs', key).expect(401);
  });
});
