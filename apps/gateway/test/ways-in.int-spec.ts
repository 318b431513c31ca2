import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeys, auditEvents } from '@rollcall/collections';
import { formatApiKey } from '@rollcall/contracts';

import { ApiKeysRepository } from '../src/api-keys/api-keys.repository.js';
import { firstKey, GatewayUnderTest } from './gateway-under-test.js';
import { RawConnection } from './raw-connection.js';

const unknownKey = (digit: string) => formatApiKey('test', digit.repeat(64));
const hashOfText = (text: string) => createHash('sha256').update(text).digest('hex');

/** Counts look-ups of keys; the repository is the only way to them. */
class CountedQueries {
  hashes: string[] = [];

  constructor(gateway: GatewayUnderTest) {
    const repository = gateway.app.get(ApiKeysRepository, { strict: false });
    const find = repository.findByHash.bind(repository);
    repository.findByHash = (hash: string) => {
      this.hashes.push(hash);
      return find(hash);
    };
  }

  async during(run: () => Promise<unknown>): Promise<number> {
    const before = this.hashes.length;
    await run();
    return this.hashes.length - before;
  }
}

describe('a request without a valid key', () => {
  let gateway: GatewayUnderTest;
  let queries: CountedQueries;

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    queries = new CountedQueries(gateway);
  }, 90_000);
  afterAll(async () => gateway?.stop(), 60_000);

  const raw = () => RawConnection.to(gateway.port);

  it.each([
    ['no key', ''],
    ['a wrong key', `x-api-key: ${unknownKey('5')}\r\n`],
  ])('is answered before its body has come, with %s', async (_, header) => {
    const connection = await raw();
    connection.write(
      `POST /api/v1/credentials HTTP/1.1\r\nhost: x\r\n${header}content-type: application/json\r\ncontent-length: 900000\r\n\r\n{"name":`,
    );
    const answer = await connection.answer();
    expect(answer.status).toBe(401);
    expect(answer.problem.code).toBe('unauthenticated');
    connection.end();
  });

  it('is not told that its body is no JSON, which would mean that somebody read it', async () => {
    const send = () => gateway.plain('post', '/credentials').set('content-type', 'application/json').send('{bad');
    await send().expect(401);
    await send().set('x-api-key', unknownKey('6')).expect(401);
  });

  it('is not asked for the body that it announces', async () => {
    const connection = await raw();
    connection.write(
      'POST /api/v1/credentials HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n',
    );
    expect((await connection.answer()).status).toBe(401);
    connection.end();
  });

  it('costs no query when the text is no key, and one in all when it only looks like one', async () => {
    const ask = (key: string) => gateway.as('get', '/runs', key).expect(401);
    const mistyped = `${firstKey.slice(0, -1)}${firstKey.endsWith('0') ? '1' : '0'}`;
    for (const garbage of ['x', 'rc_test_wrong', 'rc__', 'a'.repeat(5_000), mistyped]) {
      expect(await queries.during(() => ask(garbage))).toBe(0);
    }
    const key = unknownKey('7');
    expect(await queries.during(() => ask(key))).toBe(1);
    expect(await queries.during(async () => Promise.all([ask(key), ask(key), ask(key)]))).toBe(0);
  });

  it('learns nothing from the answer: unknown, revoked and late keys are refused in the same words', async () => {
    const make = async (body: object) => {
      const created = await gateway
        .as('post', '/api-keys')
        .send({ scopes: ['read'], ...body })
        .expect(201);
      return created.body as { key: string; id: string };
    };
    const revoked = await make({ name: 'Revoked' });
    await gateway.as('get', '/runs', revoked.key).expect(200);
    await gateway.as('delete', `/api-keys/${revoked.id}`).expect(200);
    const late = await make({ name: 'Late', expiresAt: '2020-01-01T00:00:00Z' });
    const answers = [];
    for (const key of ['garbage', unknownKey('8'), revoked.key, late.key]) {
      const { body } = await gateway.as('get', '/runs', key).set('x-request-id', 'same-request').expect(401);
      answers.push(JSON.stringify(body));
    }
    expect(new Set(answers).size).toBe(1);
  });

  it('cannot make the health checks run', async () => {
    await gateway.as('get', '/system/health', 'garbage').expect(401);
    expect(await queries.during(() => gateway.plain('get', '/system/health').expect(401))).toBe(0);
  });

  it('asks in vain with a key that is revoked from now on, although it worked a moment ago (P29)', async () => {
    const { body } = await gateway
      .as('post', '/api-keys')
      .send({ name: 'Gone', scopes: ['read'] })
      .expect(201);
    const { key, id } = body as { key: string; id: string };
    for (let times = 0; times < 3; times += 1) await gateway.as('get', '/runs', key).expect(200);
    await gateway.environment.databases.collection(apiKeys).updateOne({ _id: id }, { $set: { revokedAt: new Date() } });
    await gateway.as('get', '/runs', key).expect(401);
  });
});

describe('a first key of any form', () => {
  it('still works where somebody configured the hash of a text of their own', async () => {
    const own = 'a-text-that-somebody-chose-for-a-test';
    const gateway = await GatewayUnderTest.start({ ROLLCALL_BOOTSTRAP_API_KEY_HASH: hashOfText(own) });
    try {
      await gateway.as('get', '/runs', own).expect(200);
      await gateway.as('get', '/runs', `${own}.`).expect(401);
    } finally {
      await gateway.stop();
    }
  }, 90_000);
});

describe('a body', () => {
  let gateway: GatewayUnderTest;

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
  }, 90_000);
  afterAll(async () => gateway?.stop(), 60_000);

  const post = (path: string) => gateway.as('post', path).set('content-type', 'application/json');

  it.each([
    ['/credentials', 256 * 1024, '256 KB'],
    ['/workflows', 1024 * 1024, '1 MB'],
  ])('that is announced as too large for %s is refused before it comes, with the limit', async (path, limit, words) => {
    const connection = await RawConnection.to(gateway.port);
    connection.write(
      `POST /api/v1${path} HTTP/1.1\r\nhost: x\r\nx-api-key: ${firstKey}\r\ncontent-type: application/json\r\ncontent-length: ${limit + 1}\r\n\r\n`,
    );
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 413, problem: { code: 'body-too-large' } });
    expect(answer.problem.detail).toContain(words);
    connection.end();
  });

  it('that turns out to be too large is refused as soon as it is, without its end', async () => {
    const connection = await RawConnection.to(gateway.port);
    connection.write(
      `POST /api/v1/credentials HTTP/1.1\r\nhost: x\r\nx-api-key: ${firstKey}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    for (let sent = 0; sent < 6; sent += 1) connection.write(chunk);
    expect((await connection.answer()).status).toBe(413);
    connection.end();
  });

  it('is asked for with 100 Continue once the key is right', async () => {
    const body = JSON.stringify({ name: 'Continued', scopes: ['read'] });
    const connection = await RawConnection.to(gateway.port);
    connection.write(
      `POST /api/v1/api-keys HTTP/1.1\r\nhost: x\r\nx-api-key: ${firstKey}\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    expect(await connection.text('100 Continue\r\n\r\n')).toContain('HTTP/1.1 100 Continue');
    connection.write(body);
    expect((await connection.answer()).status).toBe(201);
    connection.end();
  });

  it('of a request that may not do this is not read either', async () => {
    const key = await gateway.keyWith('read');
    await gateway.as('post', '/credentials', key).set('content-type', 'application/json').send('{bad').expect(403);
  });

  it('that cannot be read leaves its trace in the audit', async () => {
    const id = 'broken-body-0001';
    await post('/credentials').set('x-request-id', id).send('{bad').expect(400);
    const [found] = await gateway.environment.databases.collection(auditEvents).find({ requestId: id }).toArray();
    expect(found).toMatchObject({ operation: 'createCredential', status: 400 });
  });

  it.each([
    ['bytes that are no text', [0xff, 0xfe]],
    ['half of a character', [0xc3]],
    ['a character in more bytes than it needs', [0xc0, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
  ])('with %s is refused in words, and nothing is stored', async (_, bytes) => {
    const body = Buffer.concat([Buffer.from('{"scopes":["read"],"name":"Odd '), Buffer.from(bytes), Buffer.from('"}')]);
    const connection = await RawConnection.to(gateway.port);
    connection.write(
      `POST /api/v1/api-keys HTTP/1.1\r\nhost: x\r\nx-api-key: ${firstKey}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    connection.write(body);
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 400, problem: { code: 'malformed-body' } });
    expect(answer.problem.detail).toContain('not UTF-8');
    connection.end();
    const stored = await gateway.environment.databases.collection(apiKeys).find({ name: /^Odd/ }).toArray();
    expect(stored).toEqual([]);
  });

  it.each(['\\ud800', 'a\\udc00', '\\u0000'])('with %s escaped in JSON is refused at its place', async (escaped) => {
    const { body } = await post('/api-keys').send(`{"scopes":["read"],"name":"Odd ${escaped}"}`).expect(400);
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/name' }] });
  });

  it('in UTF-8 is taken as it is, with a byte order mark too', async () => {
    const { body } = await post('/api-keys').send('\ufeff{"scopes":["read"],"name":"Zoë 東京 😀"}').expect(201);
    expect((body as { name: string }).name).toBe('Zoë 東京 😀');
  });

  it('in another character set is refused', async () => {
    const body = '{"scopes":["read"],"name":"x"}';
    await gateway
      .as('post', '/api-keys')
      .set('content-type', 'application/json; charset=latin1')
      .send(body)
      .expect(415);
    await gateway.as('post', '/api-keys').set('content-type', 'application/json; charset=UTF-8').send(body).expect(201);
  });
});

describe('an address or a header', () => {
  let gateway: GatewayUnderTest;

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
  }, 90_000);
  afterAll(async () => gateway?.stop(), 60_000);

  it.each([
    '/runs/%ff',
    '/runs/%C3',
    '/people?filter=%ff',
    '/people?filter=displayName%20eq%20%22%ed%a0%80%22',
    '/people?%ff=1',
    '/runs/%',
    '/people?limit=%zz',
  ])('that is not UTF-8 is refused in words: %s', async (path) => {
    const connection = await RawConnection.to(gateway.port);
    connection.write(`GET /api/v1${path} HTTP/1.1\r\nhost: x\r\nx-api-key: ${firstKey}\r\n\r\n`);
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 400, problem: { code: 'invalid-request' } });
    expect(answer.problem.detail).toContain('UTF-8');
    connection.end();
  });

  it('with bytes beyond ASCII is refused, and with the same in percent signs it is taken', async () => {
    const connection = await RawConnection.to(gateway.port);
    connection.write(Buffer.from(`GET /api/v1/runs/ü HTTP/1.1\r\nhost: x\r\nx-api-key: ${firstKey}\r\n\r\n`));
    expect((await connection.answer()).status).toBe(400);
    connection.end();
    await gateway.as('get', '/runs/%C3%BC').expect(404);
    await gateway.as('get', `/people?filter=${encodeURIComponent('id eq "Zoë"')}`).expect(200);
  });

  it.each([
    ['idempotency-key', Buffer.from([0xff])],
    ['idempotency-key', Buffer.from('ü')],
  ])('with %s of other bytes is refused in words', async (name, bytes) => {
    const connection = await RawConnection.to(gateway.port);
    const body = '{"name":"x","scopes":["read"]}';
    connection.write(
      `POST /api/v1/api-keys HTTP/1.1\r\nhost: x\r\nx-api-key: ${firstKey}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${name}: `,
    );
    connection.write(bytes);
    connection.write(`\r\n\r\n${body}`);
    expect(await connection.answer()).toMatchObject({ status: 400, problem: { code: 'invalid-request' } });
    connection.end();
  });
});
