import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditEvents } from '@rollcall/collections';
import type { AuditEvent, AuditVerification, Operator, OperatorLink, Page } from '@rollcall/contracts';

import { AuditTrail } from '../src/audit/audit.service.js';
import { Browser } from './browser.js';
import { GatewayUnderTest } from './gateway-under-test.js';

let gateway: GatewayUnderTest;
let operator: Operator;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  const invite = { email: 'iris@example.com', name: 'Iris', grants: [{ role: 'viewer', limit: null }] };
  const made = await gateway.as('post', '/operators').set('x-request-id', 'audit-0001').send(invite).expect(201);
  operator = made.body as Operator;
  await gateway
    .as('patch', `/operators/${operator.id}`)
    .set('x-request-id', 'audit-0002')
    .set('if-match', '"1"')
    .send({ name: 'Iris Operator' })
    .expect(200);
  const reader = await gateway.keyWith('read');
  await gateway.as('post', '/operators', reader).set('x-request-id', 'audit-0003').send(invite).expect(403);
  await gateway
    .plain('post', '/session')
    .set('x-request-id', 'audit-0004')
    .send({ email: 'iris@example.com', password: 'example-canary-password' })
    .expect(401);
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

const events = async (filter: string) =>
  ((await gateway.as('get', '/audit-events').query({ filter }).expect(200)).body as Page<AuditEvent>).items;
const verify = async () =>
  (await gateway.as('get', '/audit-events/verification').expect(200)).body as AuditVerification;
const stored = () => gateway.environment.databases.collection(auditEvents);

describe('the audit', () => {
  it('tells who did what from where, with the values of before and after', async () => {
    const [event] = await events('requestId eq "audit-0002"');
    expect(event).toMatchObject({
      actor: expect.stringMatching(/^api-key:/),
      actorName: 'Somebody with the key "First key"',
      operation: 'updateOperator',
      object: `operators/${operator.id}`,
      status: 200,
      address: expect.stringContaining('127.0.0.1'),
    });
    expect(event!.changes).toEqual(expect.arrayContaining([{ pointer: '/name', from: 'Iris', to: 'Iris Operator' }]));
    const [made] = await events('requestId eq "audit-0001"');
    expect(made).toMatchObject({ object: `operators/${operator.id}`, status: 201 });
    expect(made!.changes).toEqual([
      { pointer: '', from: null, to: expect.objectContaining({ email: 'iris@example.com' }) },
    ]);
  });

  it('tells nothing of another record where one is made', async () => {
    const second = { email: 'bo@example.com', name: 'Bo', grants: [{ role: 'viewer', limit: null }] };
    await gateway.as('post', '/operators').set('x-request-id', 'audit-0005').send(second).expect(201);
    const [made] = await events('requestId eq "audit-0005"');
    expect(made!.changes).toEqual([
      { pointer: '', from: null, to: expect.objectContaining({ email: 'bo@example.com' }) },
    ]);
  });

  it('tells what was refused, and who could not sign in, without any secret', async () => {
    expect(await events('requestId eq "audit-0003"')).toEqual([
      expect.objectContaining({ operation: 'createOperator', status: 403, changes: null }),
    ]);
    expect(await events('requestId eq "audit-0004"')).toEqual([
      expect.objectContaining({ actor: 'stranger', operation: 'signIn', status: 401 }),
    ]);
    expect(JSON.stringify(await stored().find().toArray())).not.toMatch(/canary|token=|"first-/);
  });

  it('tells who was signed in by a request that nobody was known for, and is silent about sessions that go on', async () => {
    const link = await gateway.as('post', `/operators/${operator.id}/reset-password`).expect(200);
    const browser = new Browser(gateway);
    const { token } = link.body as OperatorLink;
    expect((await browser.redeem(token, 'an example password of many words')).status).toBe(200);
    expect((await browser.refresh()).status).toBe(200);
    const [event] = await events('operation eq "redeemOperatorLink" and status eq 200');
    expect(event!.changes).toEqual([
      { pointer: '/password', from: '[secret]', to: '[secret]' },
      { pointer: '/actor', from: null, to: `operator:${operator.id}` },
    ]);
    expect(await events('operation eq "refreshSession"')).toEqual([]);
  });

  it('is exported as JSON lines, each an event, and not to everybody', async () => {
    const { text, headers } = await gateway.as('get', '/audit-events/export').buffer(true).expect(200);
    expect(headers['content-type']).toContain('application/x-ndjson');
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEvent);
    expect(lines.map(({ requestId }) => requestId)).toEqual(expect.arrayContaining(['audit-0001', 'audit-0004']));
    const reader = await gateway.keyWith('read', 'write', 'credentials', 'approve');
    await gateway.as('get', '/audit-events', reader).expect(403);
  });
});

describe('the chain of the audit', () => {
  const find = async (requestId: string) => (await stored().findOne({ requestId }))!;

  it('holds as long as nobody touches it', async () => {
    expect(await verify()).toMatchObject({ broken: 0, faults: [], unchained: 0 });
    expect((await verify()).entries).toBeGreaterThan(8);
  });

  it.each([
    ['another actor', { actor: 'api-key:somebody-else' }],
    ['another operation', { operation: 'listRuns' }],
    ['another object', { object: 'operators/somebody-else' }],
    ['another status', { status: 204 }],
    ['other values', { changes: [] }],
    ['another time', { at: new Date(0) }],
    ['another address', { address: '10.0.0.1' }],
  ])('names an entry with %s', async (_, change) => {
    const before = await find('audit-0002');
    await stored().updateOne({ _id: before._id }, { $set: change });
    expect(await verify()).toMatchObject({ broken: 1, faults: [{ entry: before._id, reason: 'it was changed' }] });
    await stored().replaceOne({ _id: before._id }, before);
    expect(await verify()).toMatchObject({ broken: 0 });
  });

  it('names the place of an entry that is missing, at the end too', async () => {
    const before = await find('audit-0002');
    await stored().deleteOne({ _id: before._id });
    expect((await verify()).broken).toBeGreaterThan(0);
    await stored().insertOne(before);
    await gateway.app.get(AuditTrail, { strict: false }).noteHead();
    const [last] = await stored().find().sort({ 'endLink.number': -1 }).limit(1).toArray();
    await stored().deleteOne({ _id: last!._id });
    expect((await verify()).faults.map(({ reason }) => reason)).toEqual([expect.stringContaining('missing')]);
  });
});
