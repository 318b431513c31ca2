import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeys } from '@rollcall/collections';
import type { Grant, Operator, OperatorLink } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { Browser } from './browser.js';
import { GatewayUnderTest } from './gateway-under-test.js';

const password = 'an example password of many words';
const everywhere = (role: Grant['role']): Grant => ({ role, limit: null });

let gateway: GatewayUnderTest;
let administrator: Browser;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({
    ROLLCALL_PUBLIC_URL: 'https://rollcall.example.com',
    TRUST_PROXY: '1',
  });
  const { body } = await gateway.as('post', '/operators/first-administrator-link').expect(200);
  administrator = new Browser(gateway);
  const who = { email: 'ada@example.com', name: 'Ada' };
  expect((await administrator.redeem((body as OperatorLink).token, password, who)).status).toBe(200);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

let invited = 0;

/** An operator who has signed in. */
async function operatorWith(...grants: Grant[]) {
  invited += 1;
  const email = `operator-${invited}@example.com`;
  const answer = await administrator.send('post', '/operators').send({ email, name: `Operator ${invited}`, grants });
  expect(answer.status).toBe(201);
  const { id, link } = answer.body as Operator & { link: OperatorLink };
  const browser = new Browser(gateway);
  expect((await browser.redeem(link.token, password)).status).toBe(200);
  return { id, email, browser };
}

const change = async (id: string, body: object, by = administrator) => {
  const { headers } = await by.send('get', `/operators/${id}`);
  return by.send('patch', `/operators/${id}`).set('if-match', headers['etag']!).send(body);
};

describe('a key made under the name or address of an operator', () => {
  const made = async (owner: string) =>
    (
      await gateway
        .as('post', '/api-keys')
        .send({ name: 'Theirs', scopes: ['read', 'admin'], owner })
        .expect(201)
    ).body as { id: string; key: string; owner: string };

  it('is theirs: within their rights, and closed at once when they are disabled', async () => {
    const { id, email } = await operatorWith(everywhere('viewer'));
    const owners = [email.toUpperCase(), `operator ${invited}`, `Operator:${id.toUpperCase()}`, id];
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
    const { id, email } = await operatorWith(everywhere('viewer'));
    const { id: stored, key } = await made('nightly export');
    await gateway.as('get', '/api-keys', key).expect(200);
    const keys = gateway.environment.databases.collection(apiKeys);
    for (const owner of [` ${email.toUpperCase()}`, `OPERATOR ${invited}`, `Operator:${id}`]) {
      await keys.updateOne({ _id: stored }, { $set: { owner } });
      await gateway.as('get', '/runs', key).expect(200);
      await gateway.as('get', '/api-keys', key).expect(403);
    }
    expect((await change(id, { state: 'disabled' })).status).toBe(200);
    for (const owner of [email, `Operator ${invited}`, `Operator:${id}`]) {
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
