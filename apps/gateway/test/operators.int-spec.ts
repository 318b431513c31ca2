import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type IntegrationDocument,
  integrations,
  operatorContacts,
  operatorLinks,
  operators,
  sessions,
  signInFailures,
} from '@rollcall/collections';
import { formatApiKey, type Grant, type Operator, type OperatorLink } from '@rollcall/contracts';

import { Browser } from './browser.js';
import type { GatewayUnderTest } from './gateway-under-test.js';
import { everywhere, Office, password } from './office.js';

let office: Office;
let gateway: GatewayUnderTest;
let administrator: Browser;

beforeAll(async () => {
  office = await Office.open();
  ({ gateway, administrator } = office);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

const operatorWith = (...grants: Grant[]) => office.operatorWith(...grants);
const change = (id: string, body: object, by?: Browser) => office.change(id, body, by);

describe('the first administrator', () => {
  it('came in by a link, which opens nothing any more', async () => {
    const { body } = await administrator.send('get', '/session').expect(200);
    expect(body).toMatchObject({
      actor: expect.stringMatching(/^operator:/),
      operator: { email: 'ada@example.com', name: 'Ada', grants: [{ role: 'admin', limit: null }] },
      scopes: ['read', 'write', 'credentials', 'approve', 'admin'],
    });
    expect(await gateway.environment.databases.collection(operatorLinks).countDocuments()).toBe(0);
  });

  it('is made once: there is no second link while somebody is administrator', async () => {
    const { body } = await gateway.as('post', '/operators/first-administrator-link').expect(409);
    expect(body).toMatchObject({ code: 'administrator-exists' });
  });

  it('stays: the last one can be neither disabled nor made something else', async () => {
    const { body } = await administrator.send('get', '/session').expect(200);
    const { id } = (body as { operator: Operator }).operator;
    for (const wish of [{ state: 'disabled' }, { grants: [everywhere('viewer')] }]) {
      const answer = await change(id, wish);
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({ code: 'last-administrator' });
    }
  });

  it('stays also when two administrators disable each other at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const second = await operatorWith(everywhere('admin'));
      const { body } = await administrator.send('get', '/session').expect(200);
      const first = (body as { operator: Operator }).operator.id;
      const answers = await Promise.all([
        change(second.id, { state: 'disabled' }),
        change(first, { state: 'disabled' }, second.browser),
      ]);
      const left = await gateway.environment.databases
        .collection(operators)
        .countDocuments({ state: 'active', 'grants.role': 'admin' });
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(left).toBe(1);
      // Whoever is left lets the first one in again, so that the other tests have their administrator.
      await gateway.environment.databases
        .collection(operators)
        .updateOne({ _id: first }, { $set: { state: 'active' } });
      administrator = new Browser(gateway);
      expect((await administrator.signIn('ada@example.com', password)).status).toBe(200);
      await gateway.environment.databases
        .collection(operators)
        .updateOne({ _id: second.id }, { $set: { state: 'disabled' } });
    }
  });
});

describe('an invitation', () => {
  it('shows a link once, which leads to the public address and holds its token where no server sees it', async () => {
    const email = 'iris@example.com';
    const { body } = await administrator
      .send('post', '/operators')
      .send({ email, name: 'Iris', grants: [everywhere('viewer')] })
      .expect(201);
    const { id, link, state } = body as Operator & { link: OperatorLink };
    expect(state).toBe('invited');
    expect(link.url).toBe(`https://rollcall.example.com/welcome#${link.token}`);
    const stored = await gateway.environment.databases.collection(operatorLinks).find().toArray();
    expect(JSON.stringify(stored)).not.toContain(link.token);
    const { text } = await administrator.send('get', `/operators/${id}`).expect(200);
    expect(text).not.toMatch(/hash|token/i);
  });

  it('works once, and its password opens the account however the address is written', async () => {
    const { id, email } = await operatorWith(everywhere('viewer'));
    for (const variant of [email, email.toUpperCase(), ` ${email} `, email.replace('@', '+tag@')]) {
      expect((await new Browser(gateway).signIn(variant, password)).status).toBe(200);
    }
    const again = await administrator
      .send('post', '/operators')
      .send({ email: email.replace('@', '+two@'), name: 'Two', grants: [everywhere('viewer')] });
    expect(again.status).toBe(409);
    expect(await gateway.environment.databases.collection(operators).countDocuments({ _id: id })).toBe(1);
  });

  it('is refused with one sentence when it was used, has expired or was replaced, and changes nothing', async () => {
    const { id } = await operatorWith(everywhere('viewer'));
    const first = (await administrator.send('post', `/operators/${id}/reset-password`)).body as OperatorLink;
    const second = (await administrator.send('post', `/operators/${id}/reset-password`)).body as OperatorLink;
    const before = await gateway.environment.databases.collection(operators).findOne({ _id: id });
    await gateway.environment.databases
      .collection(operatorLinks)
      .updateMany({ operator: id }, { $set: { expiresAt: new Date(0) } });
    for (const token of [first.token, second.token, 'example-token', `first-${second.token}`]) {
      const { status, body } = await new Browser(gateway).redeem(token, password);
      expect({ status, code: (body as { code: string }).code }).toEqual({ status: 404, code: 'link-not-valid' });
    }
    expect(await gateway.environment.databases.collection(operators).findOne({ _id: id })).toEqual(before);
  });

  it('makes a contact that other services may read, which ends with the operator', async () => {
    const { id, email } = await operatorWith(everywhere('viewer'));
    const contact = () => gateway.environment.databases.collection(operatorContacts).findOne({ _id: id });
    expect(await contact()).toEqual({ _id: id, name: expect.any(String), email, isActive: true });
    expect((await change(id, { name: 'Other name' })).status).toBe(200);
    expect(await contact()).toMatchObject({ name: 'Other name', isActive: true });
    expect((await change(id, { state: 'disabled' })).status).toBe(200);
    expect(await contact()).toMatchObject({ isActive: false });
  });

  it('takes no short password, and still works afterwards', async () => {
    const { id } = await operatorWith(everywhere('viewer'));
    const { token } = (await administrator.send('post', `/operators/${id}/reset-password`)).body as OperatorLink;
    expect((await new Browser(gateway).redeem(token, 'short')).status).toBe(400);
    expect((await new Browser(gateway).redeem(token, 'another example password')).status).toBe(200);
  });

  it('is used once when two browsers open it at once', async () => {
    const { id } = await operatorWith(everywhere('viewer'));
    const { token } = (await administrator.send('post', `/operators/${id}/reset-password`)).body as OperatorLink;
    const answers = await Promise.all([1, 2, 3].map(() => new Browser(gateway).redeem(token, password)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
  });
});

describe('a session', () => {
  it('is in cookies that no script reads and that no other site sends, secure behind TLS', async () => {
    const { email } = await operatorWith(everywhere('viewer'));
    const { headers } = await new Browser(gateway).signIn(email, password);
    const cookies = headers['set-cookie'] as unknown as string[];
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
    expect(cookies[1]).toContain('Path=/api/v1/session;');
    const stored = JSON.stringify(await gateway.environment.databases.collection(sessions).find().toArray());
    for (const cookie of cookies) expect(stored).not.toContain(/\.([^;]+)/.exec(cookie)![1]);
  });

  it('changes nothing without its CSRF token, and reads without it', async () => {
    const { browser } = await operatorWith(everywhere('admin'));
    const token = browser.csrfToken;
    for (const wrong of [null, 'example-token', 'x'.repeat(token!.length)]) {
      browser.csrfToken = wrong;
      const { status, body } = await browser.send('post', '/api-keys').send({ name: 'A', scopes: ['read'] });
      expect({ status, code: (body as { code: string }).code }).toEqual({ status: 403, code: 'csrf-token-missing' });
      await browser.send('get', '/runs').expect(200);
    }
    browser.csrfToken = token;
    await browser
      .send('post', '/api-keys')
      .send({ name: 'A', scopes: ['read'] })
      .expect(201);
  });

  it('does not help whoever sends a wrong key along', async () => {
    const { browser } = await operatorWith(everywhere('viewer'));
    await browser
      .send('get', '/runs')
      .set('x-api-key', formatApiKey('test', '1'.repeat(64)))
      .expect(401);
    await browser.send('get', '/runs').set('authorization', 'Bearer nonsense').expect(401);
  });

  it('cannot be begun by a page of another site', async () => {
    const { email } = await operatorWith(everywhere('viewer'));
    const foreign = new Browser(gateway).send('post', '/session').set('sec-fetch-site', 'cross-site');
    await foreign.send({ email, password }).expect(403);
  });

  it('is renewed by a refresh token that works once; used again it ends the session', async () => {
    const { browser } = await operatorWith(everywhere('viewer'));
    const [access, refresh] = [browser.cookie('rollcall_access')!, browser.cookie('rollcall_refresh')!];
    expect((await browser.refresh()).status).toBe(200);
    await browser.send('get', '/runs').expect(200);
    const thief = new Browser(gateway);
    thief.set('rollcall_access', access);
    await thief.send('get', '/runs').expect(401);
    thief.set('rollcall_refresh', refresh, '/api/v1/session');
    expect((await thief.refresh()).body).toMatchObject({ code: 'refresh-token-reused' });
    await browser.send('get', '/runs').expect(401);
    expect((await browser.refresh()).status).toBe(401);
  });

  it('ends with sign-out, and everywhere else with another password', async () => {
    const { email, browser } = await operatorWith(everywhere('viewer'));
    const other = new Browser(gateway);
    await other.signIn(email, password);
    const next = 'another example password';
    await browser.send('post', '/session/password').send({ current: 'wrong example', password: next }).expect(401);
    await browser.send('post', '/session/password').send({ current: password, password: next }).expect(204);
    await other.send('get', '/runs').expect(401);
    await browser.send('get', '/runs').expect(200);
    expect((await new Browser(gateway).signIn(email, password)).status).toBe(401);
    const access = browser.cookie('rollcall_access')!;
    browser.take(await browser.send('delete', '/session').expect(204));
    expect(browser.cookie('rollcall_access')).toBeUndefined();
    browser.set('rollcall_access', access);
    await browser.send('get', '/runs').expect(401);
  });

  it.each([
    'nonsense',
    'x'.repeat(22) + '.' + 'y'.repeat(43),
    'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.',
    '',
    'a'.repeat(4000),
  ])('is not opened by a forged token: %s', async (token) => {
    const browser = new Browser(gateway);
    browser.set('rollcall_access', token);
    browser.set('rollcall_refresh', token, '/api/v1/session');
    await browser.send('get', '/session').expect(401);
    expect((await browser.refresh()).status).toBe(401);
  });
});

describe('losing a right', () => {
  it('takes effect at the next request: disabled, signed out, another role, on keys too', async () => {
    const { id, email, browser } = await operatorWith(everywhere('admin'));
    const made = await browser
      .send('post', '/api-keys')
      .send({ name: 'Mine', scopes: ['read', 'admin'] })
      .expect(201);
    const { key, owner } = made.body as { key: string; owner: string };
    expect(owner).toBe(`operator:${id}`);
    await gateway.as('get', '/api-keys', key).expect(200);
    expect((await change(id, { grants: [everywhere('viewer')] })).status).toBe(200);
    await gateway.as('get', '/api-keys', key).expect(403);
    await gateway.as('get', '/runs', key).expect(200);
    await browser.send('get', '/api-keys').expect(403);
    expect((await change(id, { state: 'disabled' })).status).toBe(200);
    await browser.send('get', '/runs').expect(401);
    await gateway.as('get', '/runs', key).expect(401);
    expect((await new Browser(gateway).signIn(email, password)).status).toBe(401);
    expect((await change(id, { state: 'active' })).status).toBe(200);
    await gateway.as('get', '/runs', key).expect(200);
  });

  it('needs to know the version that it changes', async () => {
    const { id } = await operatorWith(everywhere('viewer'));
    await administrator.send('patch', `/operators/${id}`).send({ name: 'X' }).expect(428);
    await administrator.send('patch', `/operators/${id}`).set('if-match', '"99"').send({ name: 'X' }).expect(412);
  });
});

describe('a right within a limit', () => {
  const limit = { integrations: ['integration-1'], apps: ['app-1'] };

  it('opens what is within, answers the rest as if it were missing, and nothing of the whole installation', async () => {
    const { browser } = await operatorWith({ role: 'operator', limit });
    const outside = await browser.send('get', '/integrations/integration-2').expect(404);
    const missing = await browser.send('get', '/integrations/integration-9').expect(404);
    const inside = await browser.send('get', '/integrations/integration-1').expect(404);
    const wordsOf = ({ body }: { body: object }) =>
      (body as { detail: string }).detail.replaceAll(/integration-\d/g, 'integration-n');
    expect(wordsOf(outside)).toBe(wordsOf(missing));
    expect(wordsOf(outside)).toBe(wordsOf(inside));
    await browser.send('get', '/people').expect(403);
    await browser.send('post', '/integrations').send({}).expect(403);
    await browser.send('get', '/integrations').expect(200);
    // What is documented anyway, and what becomes of one's own writes.
    await browser.send('get', '/catalog/connectors').expect(200);
    await browser.send('get', '/operations/workflow.nothing').expect(404);
  });

  it('gives an integration nothing that belongs to others', async () => {
    const { browser } = await operatorWith({ role: 'operator', limit });
    const stored = { _id: 'integration-1', version: 1, credential: 'own', app: 'app-1', authoritative: false };
    const integration = stored as unknown as IntegrationDocument;
    await gateway.environment.databases.collection(integrations).insertOne(integration);
    for (const wish of [{ credential: 'of-others' }, { app: 'app-2' }, { authoritative: true }]) {
      const answer = await browser.send('patch', '/integrations/integration-1').set('if-match', '"1"').send(wish);
      expect(answer.status).toBe(403);
      expect((answer.body as { detail: string }).detail).toContain(Object.keys(wish)[0]);
    }
  });
});

describe('guessing a password', () => {
  const guess = (email: string, address: string, text = 'a wrong example password') =>
    new Browser(gateway, address).signIn(email, text);

  it('says the same, whether or not there is such an account', async () => {
    const { email } = await operatorWith(everywhere('viewer'));
    const known = await guess(email, '10.0.0.1');
    const unknown = await guess('nobody@example.com', '10.0.0.1');
    expect([known.status, unknown.status]).toEqual([401, 401]);
    const { requestId: _, ...one } = known.body as { requestId: string };
    const { requestId: __, ...other } = unknown.body as { requestId: string };
    expect(one).toEqual(other);
  });

  it('pauses after five, where it came from, whatever the case and the tag of the address', async () => {
    const { email } = await operatorWith(everywhere('viewer'));
    const variants = [email, email.toUpperCase(), email.replace('@', '+a@'), ` ${email}`, email];
    for (const variant of variants) expect((await guess(variant, '10.0.0.2')).status).toBe(401);
    const paused = await guess(email, '10.0.0.2', password);
    expect(paused.status).toBe(429);
    expect(Number(paused.headers['retry-after'])).toBeGreaterThan(800);
    expect((await guess(email, '10.0.0.3', password)).status).toBe(200);
    await gateway.environment.databases
      .collection(signInFailures)
      .updateMany({}, { $set: { pausedUntil: new Date(Date.now() - 1000) } });
    expect((await guess(email, '10.0.0.2', password)).status).toBe(200);
  });

  it('tries no more than five of many that come at once', async () => {
    const { email } = await operatorWith(everywhere('viewer'));
    const answers = await Promise.all(Array.from({ length: 12 }, () => guess(email, '10.0.0.4')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
  });

  it('from a hundred places locks out the places, and not whoever signed in from their own before', async () => {
    const { email } = await operatorWith(everywhere('viewer'));
    expect((await guess(email, '10.9.9.9', password)).status).toBe(200);
    await gateway.environment.databases
      .collection(signInFailures)
      .updateMany({ _id: { $regex: ' [*]$' } }, { $set: { failures: 99 } });
    expect((await guess(email, '10.0.1.1')).status).toBe(401);
    expect((await guess(email, '10.0.1.2')).status).toBe(429);
    expect((await guess(email, '10.0.1.3', password)).status).toBe(429);
    expect((await guess(email, '10.9.9.9', password)).status).toBe(200);
  });

  it('from a hundred places does not lock out whoever came in by a link only', async () => {
    const { email } = await operatorWith(everywhere('viewer'));
    expect((await guess(email, '10.0.1.4')).status).toBe(401);
    await gateway.environment.databases
      .collection(signInFailures)
      .updateMany({ _id: { $regex: ' [*]$' } }, { $set: { failures: 100 } });
    expect((await guess(email, '10.0.1.5', password)).status).toBe(429);
    expect((await new Browser(gateway).signIn(email, password)).status).toBe(200);
  });

  it('is forgiven to whoever proves by a link who they are', async () => {
    const { id, email } = await operatorWith(everywhere('viewer'));
    for (let wrong = 0; wrong < 5; wrong += 1) await guess(email, '10.0.0.5');
    expect((await guess(email, '10.0.0.5', password)).status).toBe(429);
    const { token } = (await administrator.send('post', `/operators/${id}/reset-password`)).body as OperatorLink;
    expect((await new Browser(gateway).redeem(token, password)).status).toBe(200);
    expect((await guess(email, '10.0.0.5', password)).status).toBe(200);
  });
});
