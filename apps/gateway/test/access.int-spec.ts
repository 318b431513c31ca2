import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiKeys, auditEvents } from '@rollcall/collections';
import { type Scope, scopes } from '@rollcall/contracts';

import { policy } from '../src/access/policy.js';
import { definedOperations, type OperationDefinition } from '../src/http/operation.js';
import { firstKey, GatewayUnderTest, type Method } from './gateway-under-test.js';

let gateway: GatewayUnderTest;
const keys = new Map<Scope, string>();

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ ROLLCALL_COMMAND_WAIT_MS: '100' });
  for (const scope of scopes) keys.set(scope, await gateway.keyWith(scope));
}, 60_000);
afterAll(async () => gateway?.stop(), 60_000);

const methodOf = ({ method }: OperationDefinition) => method.toLowerCase() as Method;
/** Operations that need a key or a session. */
const closed = () => definedOperations().filter(({ id }) => policy[id] !== 'anyone');
const pathOf = ({ path }: OperationDefinition) => path.replaceAll(/:\w+/g, 'some-id');

describe('every operation (P28)', () => {
  it('answers 401 with a problem to a request without a key, with a wrong key, and with half a header', async () => {
    expect(definedOperations().length).toBeGreaterThan(40);
    for (const operation of closed()) {
      const { status, body, headers } = await gateway.plain(methodOf(operation), pathOf(operation));
      expect({ id: operation.id, status, code: (body as { code: string }).code }).toEqual({
        id: operation.id,
        status: 401,
        code: 'unauthenticated',
      });
      expect(headers['content-type']).toContain('application/problem+json');
      expect(headers['www-authenticate']).toContain('Bearer');
      await gateway.plain(methodOf(operation), pathOf(operation)).set('x-api-key', 'rc_test_wrong').expect(401);
    }
    await gateway.plain('get', '/runs').set('authorization', firstKey).expect(401);
    await gateway.plain('get', '/runs').set('authorization', `Basic ${firstKey}`).expect(401);
  });

  it('answers 403 naming the scope to every key without it, and lets the key with it in', async () => {
    const withScope = closed().filter(({ id }) => !['known', 'signed-in'].includes(policy[id]!));
    for (const operation of withScope) {
      const needed = policy[operation.id]!;
      for (const [scope, key] of keys) {
        const { status, body } = await gateway.as(methodOf(operation), pathOf(operation), key);
        const cell = { id: operation.id, scope, isForbidden: status === 403 };
        expect(cell).toEqual({ id: operation.id, scope, isForbidden: scope !== needed });
        if (status === 403) expect((body as { detail: string }).detail).toContain(`"${needed}"`);
        expect(status).toBeLessThan(500);
      }
    }
  }, 180_000);

  it('answers 403 to every key where a session is needed, whatever the key may do', async () => {
    for (const operation of closed().filter(({ id }) => policy[id] === 'signed-in')) {
      const { status, body } = await gateway.as(methodOf(operation), pathOf(operation));
      expect([operation.id, status, (body as { code: string }).code]).toEqual([operation.id, 403, 'session-needed']);
    }
  });
});

describe('an API key', () => {
  it('is accepted in either header', async () => {
    await gateway.plain('get', '/runs').set('x-api-key', firstKey).expect(200);
    await gateway.as('get', '/runs').expect(200);
  });

  it('is shown once and stored as a hash only', async () => {
    const created = await gateway
      .as('post', '/api-keys')
      .send({ name: 'Once', scopes: ['read'] })
      .expect(201);
    const { key, id } = created.body as { key: string; id: string };
    expect(key).toMatch(/^rc_local_[0-9a-f]{64}_[0-9a-f]{8}$/);
    expect(created.headers['location']).toBe(`/api/v1/api-keys/${id}`);
    const listed = await gateway.as('get', '/api-keys?limit=200').expect(200);
    expect(JSON.stringify(listed.body)).toContain(id);
    const stored = await gateway.environment.databases.collection(apiKeys).find().toArray();
    const text = JSON.stringify([listed.body, stored]);
    expect(text).not.toContain(key.split('_')[2]);
    expect(JSON.stringify(listed.body)).not.toContain('hash');
  });

  it('is valid for 90 days unless somebody says otherwise, and remembers when it was used', async () => {
    const make = async (body: object) => {
      const answer = await gateway.as('post', '/api-keys').send({ name: 'For a while', scopes: ['read'], ...body });
      return answer.body as { id: string; key: string; createdAt: string; expiresAt: string | null; lastUsedAt: null };
    };
    const usual = await make({});
    const days = (Date.parse(usual.expiresAt!) - Date.parse(usual.createdAt)) / 86_400_000;
    expect({ days, lastUsedAt: usual.lastUsedAt }).toEqual({ days: 90, lastUsedAt: null });
    expect((await make({ expiresAt: null })).expiresAt).toBeNull();
    await gateway.as('get', '/runs', usual.key).expect(200);
    const { items } = (await gateway.as('get', '/api-keys?limit=200').expect(200)).body as { items: (typeof usual)[] };
    expect(items.find(({ id }) => id === usual.id)!.lastUsedAt).not.toBeNull();
  });

  it('is not shown again to a repetition of the request that made it', async () => {
    const send = () =>
      gateway
        .as('post', '/api-keys')
        .set('idempotency-key', 'make-once')
        .send({ name: 'A', scopes: ['read'] });
    await send().expect(201);
    const { body } = await send().expect(409);
    expect((body as { code: string }).code).toBe('key-shown-once');
  });

  it('opens nothing after it was revoked, and nothing after its time (P29)', async () => {
    const { body } = await gateway
      .as('post', '/api-keys')
      .send({ name: 'Gone', scopes: ['read'] })
      .expect(201);
    const { key, id } = body as { key: string; id: string };
    await gateway.as('get', '/runs', key).expect(200);
    await gateway.as('delete', `/api-keys/${id}`).expect(200);
    await gateway.as('get', '/runs', key).expect(401);
    const past = { name: 'Late', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' };
    const late = await gateway.as('post', '/api-keys').send(past).expect(201);
    await gateway.as('get', '/runs', (late.body as { key: string }).key).expect(401);
  });
});

describe('what is no operation', () => {
  it('has health and metrics open to everybody', async () => {
    const { default: request } = await import('supertest');
    const server = gateway.app.getHttpServer() as Parameters<typeof request>[0];
    await request(server).get('/healthz').expect(200);
    await request(server).get('/readyz').expect(200);
    await request(server).get('/metrics').expect(200);
  });

  it('is a 404 where nothing is, and a 405 with Allow where another method is', async () => {
    const missing = await gateway.as('get', '/nowhere').expect(404);
    expect(missing.body).toMatchObject({ code: 'not-found', status: 404, instance: '/api/v1/nowhere' });
    expect((missing.body as { requestId: string }).requestId).toBe(missing.headers['x-request-id']);
    const wrong = await gateway.as('put', '/people').expect(405);
    expect(wrong.headers['allow']).toBe('GET');
    expect(wrong.headers['content-type']).toContain('application/problem+json');
  });

  it('keeps a request id that the caller brings, and sends the headers of a careful server', async () => {
    const { headers } = await gateway.as('get', '/runs').set('x-request-id', 'my-request-17').expect(200);
    expect(headers['x-request-id']).toBe('my-request-17');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe('a body that cannot be read (P33)', () => {
  const send = (text: string) => gateway.as('post', '/credentials').set('content-type', 'application/json').send(text);

  it('is a problem that quotes nothing of it (N8)', async () => {
    const { body, text } = await send('{"fields":{"password":"example-canary-broken" ').expect(400);
    expect((body as { code: string }).code).toBe('malformed-body');
    expect(text).not.toContain('canary');
    await gateway.as('get', '/runs/%E0%A4%A').expect(400);
  });

  it('is refused when too large, too deep, compressed, or of another type', async () => {
    await send(JSON.stringify({ name: 'x'.repeat(1024 * 1024) })).expect(413);
    await send(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`).expect(400);
    await send('[]').set('content-encoding', 'gzip').expect(415);
    await gateway.as('post', '/credentials').set('content-type', 'text/plain').send('a=1').expect(415);
  });
});

describe('the audit', () => {
  it('has one document for every write with its status, refused ones too, and none for reads', async () => {
    const id = 'audit-request-0001';
    await gateway
      .as('post', '/api-keys')
      .set('x-request-id', id)
      .send({ name: 'B', scopes: ['read'] })
      .expect(201);
    await gateway.as('post', '/api-keys').set('x-request-id', id).send({ name: 'B' }).expect(400);
    await gateway.as('post', '/api-keys', keys.get('read')).set('x-request-id', id).expect(403);
    await gateway.as('get', '/api-keys').set('x-request-id', id).expect(200);
    const found = await gateway.environment.databases
      .collection(auditEvents)
      .find({ requestId: id })
      .sort({ at: 1 })
      .toArray();
    expect(found.map(({ operation, status }) => ({ operation, status }))).toEqual([
      { operation: 'createApiKey', status: 201 },
      { operation: 'createApiKey', status: 400 },
      { operation: 'createApiKey', status: 403 },
    ]);
    expect(found[0]).toMatchObject({
      actor: expect.stringMatching(/^api-key:/),
      object: expect.stringMatching(/^api-keys\/.+/),
    });
  });
});
