import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  auditEvents,
  type IntegrationDocument,
  integrations,
  type OperatorDocument,
  operators,
} from '@rollcall/collections';
import { commandsTopicOf, type CredentialRecord } from '@rollcall/contracts';
import { readTopic } from '@rollcall/testing';

import { book, SyncRunnerModule, VaultModule } from './credential-owners.js';
import { GatewayUnderTest } from './gateway-under-test.js';

const { opened, trials, ended, updates } = book;

let gateway: GatewayUnderTest;
/** Every byte that the gateway answered in this file. */
const answers: string[] = [];
const consent = { state: 'example-state-that-nobody-can-guess-0123456', code: 'example-code-of-a-consent' };
const canaries = { username: 'example-canary-user-5f1c', password: 'example canary päss/+="5f1c' };

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  book.keysDirectory = gateway.environment.keysDirectory;
  await gateway.startOwner('credential-vault', VaultModule);
  await gateway.startOwner('sync-runner', SyncRunnerModule);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

async function send(
  method: 'post' | 'patch' | 'get' | 'delete',
  path: string,
  body?: object,
  headers: Record<string, string> = {},
) {
  const answer = await gateway.as(method, path).set(headers).send(body);
  answers.push(answer.text, JSON.stringify(answer.headers));
  return {
    status: answer.status,
    headers: answer.headers,
    body: answer.body as CredentialRecord & { code: string; detail: string },
  };
}
const basic = (name: string, fields: Record<string, string> = canaries) => ({
  name,
  connector: 'lastpass',
  type: 'basic',
  fields,
});

describe('a new credential', () => {
  it('reaches the vault sealed, and comes back without its secret (F5, R1)', async () => {
    const { status, body, headers } = await send('post', '/credentials', basic('First'));
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'First', version: 1, secretFields: ['username', 'password'] });
    expect(headers).toMatchObject({ etag: '"1"', location: `/api/v1/credentials/${body.id}` });
    expect(opened.get(`${body.id}/password`)).toBe(canaries.password);
    expect((await send('get', `/credentials/${body.id}`)).body).toEqual(body);
  });

  it('may have a single space as password (R6)', async () => {
    const { body } = await send('post', '/credentials', basic('Space', { username: 'example-key', password: ' ' }));
    expect(opened.get(`${body.id}/password`)).toBe(' ');
  });

  it('is made once by a request that is repeated under one Idempotency-Key', async () => {
    const before = book.created;
    const headers = { 'idempotency-key': 'credential-once' };
    const first = await send('post', '/credentials', basic('Repeated'), headers);
    const second = await send('post', '/credentials', basic('Repeated'), headers);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(book.created).toBe(before + 1);
  });

  it('is refused when the same Idempotency-Key brings another secret', async () => {
    const headers = { 'idempotency-key': 'credential-once' };
    const other = await send(
      'post',
      '/credentials',
      basic('Repeated', { ...canaries, password: 'example-other' }),
      headers,
    );
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('is refused with a mask for a secret, and with a field that does not exist', async () => {
    expect((await send('post', '/credentials', basic('Mask', { password: '[secret]' }))).status).toBe(400);
    expect((await send('post', '/credentials', { ...basic('Extra'), owner: 'me' })).status).toBe(400);
    expect((await send('post', '/credentials', { ...basic('Operator'), name: { $ne: null } })).status).toBe(400);
  });
});

describe('a change of a credential', () => {
  it('needs If-Match, and is refused when somebody was faster', async () => {
    const { body } = await send('post', '/credentials', basic('Changing'));
    const path = `/credentials/${body.id}`;
    expect(await send('patch', path, { name: 'A' })).toMatchObject({
      status: 428,
      body: { code: 'precondition-required' },
    });
    const changed = await send('patch', path, { name: 'A' }, { 'if-match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { name: 'A', version: 2 }, headers: { etag: '"2"' } });
    expect(await send('patch', path, { name: 'B' }, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'version-conflict', detail: 'Somebody else changed it. Read it again.' },
    });
  });

  it('sends new values sealed, no mask, and the names of fields that are taken away', async () => {
    const { body } = await send('post', '/credentials', basic('Masked'));
    opened.clear();
    const fields = { username: '[secret]', password: 'example-new-secret-77', cid: null };
    const { status } = await send('patch', `/credentials/${body.id}`, { fields, ownUsers: [] }, { 'if-match': '*' });
    expect(status).toBe(200);
    expect([...opened]).toEqual([[`${body.id}/password`, 'example-new-secret-77']]);
    expect(updates.at(-1)).toMatchObject({ removed: ['cid'], ownUsers: [] });
  });

  it('of one that does not exist is a 404 with the words of the owner', async () => {
    expect(await send('patch', '/credentials/none', { name: 'A' }, { 'if-match': '"1"' })).toMatchObject({
      status: 404,
      body: { code: 'credential-not-found' },
    });
  });
});

it('a test of a credential tells what the vendor said', async () => {
  const { status, body } = await send('post', '/credentials/some-credential/test');
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      ok: false,
      code: 'wrong-secret',
      message: 'The vendor refused some-credential.',
      steps: [],
      consentUrl: null,
    },
  });
});

it('a test is told which integration, or which inputs, to try', async () => {
  trials.length = 0;
  const path = '/credentials/some-credential/test';
  expect((await send('post', path, {})).status).toBe(200);
  expect((await send('post', path, { integration: 'one' })).status).toBe(200);
  expect((await send('post', path, { load: 'users', inputs: { accountId: '4711' } })).status).toBe(200);
  expect(trials).toEqual([{}, { integration: 'one' }, { load: 'users', inputs: { accountId: '4711' } }]);
  expect((await send('post', path, { integration: 'one', inputs: {} })).status).toBe(400);
});

describe('a credential that is tried before it is stored', () => {
  it('reaches the vault sealed, and sync-runner by its name alone', async () => {
    const body = { connector: 'lastpass', type: 'basic', fields: canaries, inputs: { region: 'eu' } };
    const before = book.created;
    const { status, body: result } = await send('post', '/credential-tests', body);
    expect(status).toBe(200);
    expect(result).toMatchObject({ ok: false, steps: [] });
    const trial = trials.at(-1)!;
    expect(trial).toMatchObject({
      draft: { connector: 'lastpass', baseUrl: 'https://vendor.example.com', consentUrl: null },
      inputs: { region: 'eu' },
    });
    expect(JSON.stringify(trial)).not.toContain(canaries.password);
    expect([...opened]).toContainEqual([expect.stringMatching(/\/password$/), canaries.password]);
    expect(book.created).toBe(before);
  });

  it('cannot have a mask, and is tried with an integration or with inputs, not both', async () => {
    const body = { connector: 'lastpass', type: 'basic', fields: { password: '[secret]' } };
    expect((await send('post', '/credential-tests', body)).status).toBe(400);
    const both = { ...body, fields: { password: 'example' }, integration: 'one', inputs: {} };
    expect((await send('post', '/credential-tests', both)).status).toBe(400);
  });
});

describe('a consent at a vendor', () => {
  const given = consent;
  const end = (body: object) => gateway.plain('post', '/credential-consents').send(body);

  it('begins with the address of our own page', async () => {
    const { status, body } = await send('post', '/credentials/any/authorization');
    expect(status).toBe(200);
    const { searchParams } = new URL((body as unknown as { url: string }).url);
    expect(searchParams.get('redirect_uri')).toMatch(/^http:\/\/[^/]+\/consented$/);
  });

  it('ends with a call that needs no key, whose state and code nobody else sees', async () => {
    await send('post', '/credentials', basic('With consent'));
    const answer = await end(given).expect(200);
    expect(Object.keys(answer.body as object).sort()).toEqual(['id', 'name']);
    expect(opened.get('consent/code')).toBe(given.code);
    expect(JSON.stringify(ended.at(-1))).not.toContain(given.state);
  });

  it.each([
    ['neither a code nor an error', { code: undefined }],
    ['both', { error: 'access_denied' }],
    ['a state that is none', { state: 'short' }],
  ])('is refused with %s', async (_, change) => {
    await end({ ...given, ...change }).expect(400);
  });
});

describe('who looks after a credential', () => {
  const operator = { _id: 'operator-1', name: 'Ada Example', email: 'ada@example.com', emailKey: 'ada@example.com' };
  const add = (state: 'active' | 'disabled') =>
    gateway.environment.databases
      .collection(operators)
      .replaceOne({ _id: operator._id }, { ...operator, state } as OperatorDocument, { upsert: true });

  it('may be an operator, who is looked up, or anybody else by name and address', async () => {
    await add('active');
    const desk = { name: 'Service desk', email: 'desk@example.com' };
    const { body: named } = await send('post', '/credentials', { ...basic('Of the desk'), owner: desk });
    expect(named.owner).toEqual(desk);
    const { body } = await send('post', '/credentials', { ...basic('Of Ada'), owner: { operator: 'operator-1' } });
    expect(body.owner).toEqual({ name: 'Ada Example', email: 'ada@example.com', operator: 'operator-1' });
    // What the API shows can be sent back, and nobody is called what they are not.
    const forged = { ...body.owner, name: 'Somebody else' };
    const again = await send('post', '/credentials', { ...basic('Of Ada too'), owner: forged });
    expect(again.body.owner).toEqual(body.owner);
  });

  it('is refused when there is no such operator, or they are disabled', async () => {
    await add('disabled');
    for (const id of ['operator-1', 'operator-2']) {
      const { status, body } = await send('post', '/credentials', { ...basic(id), owner: { operator: id } });
      expect({ status, body }).toMatchObject({ status: 400, body: { errors: [{ pointer: '/owner/operator' }] } });
    }
    const { status } = await send('post', '/credentials', { ...basic('Half'), owner: { name: 'Only a name' } });
    expect(status).toBe(400);
  });
});

it('the uses of a credential are the integrations and workflows that name it', async () => {
  const { body } = await send('post', '/credentials', basic('Used'));
  const using = { _id: 'using', name: 'Directory', state: 'active', credential: body.id } as IntegrationDocument;
  await gateway.environment.databases.collection(integrations).insertOne(using);
  const uses = await send('get', `/credentials/${body.id}/uses`);
  expect(uses.body).toEqual({ integrations: [{ id: 'using', name: 'Directory', state: 'active' }], workflows: [] });
  expect((await send('get', '/credentials/nothing/uses')).status).toBe(404);
});

it('the types of Advanced Mode are in the catalogue', async () => {
  const { body } = await send('get', '/catalog/credential-types');
  const { items } = body as unknown as { items: { type: string }[] };
  expect(items.map(({ type }) => type)).toEqual([
    'basic',
    'api-key',
    'bearer',
    'custom-headers',
    'oauth2-client-credentials',
    'oauth2-authorization-code',
    'aws-signature-v4',
  ]);
});

it('a deleted credential is gone', async () => {
  const { body } = await send('post', '/credentials', basic('Doomed'));
  expect((await send('delete', `/credentials/${body.id}`)).body).toEqual({ id: body.id });
  expect((await send('get', `/credentials/${body.id}`)).status).toBe(404);
});

it('no secret is in any answer, database or topic (I10)', async () => {
  const { databases, kafka, namespace } = gateway.environment;
  const places: string[] = [...answers];
  const { databases: names } = await databases.client.db('admin').admin().listDatabases({ nameOnly: true });
  for (const { name } of names.filter((database) => database.name.startsWith(`${namespace}_`))) {
    for (const collection of await databases.client.db(name).collections()) {
      places.push(JSON.stringify(await collection.find().toArray()));
    }
  }
  for (const owner of ['credential-vault', 'sync-runner'] as const) {
    places.push(...(await readTopic(kafka, commandsTopicOf(owner))).map(({ value }) => value));
  }
  const text = places.join('\n');
  expect(text).toContain('"type":"credential.create"');
  expect(await databases.collection(auditEvents).countDocuments({ operation: 'createCredential' })).toBeGreaterThan(3);
  for (const secret of [
    ...Object.values(canaries),
    'example-new-secret-77',
    'example-other',
    'example-key',
    consent.state,
    consent.code,
  ]) {
    for (const form of formsOf(secret)) expect(text.includes(form)).toBe(false);
  }
}, 60_000);

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
  ];
}
