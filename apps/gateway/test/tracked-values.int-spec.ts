import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, mappings, people, settings, tracking } from '@rollcall/collections';
import type { MappingSource, Page, PersonRecord, Problem } from '@rollcall/contracts';

import { GatewayUnderTest } from './gateway-under-test.js';
import { buildAccount, buildPerson } from './records.js';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 60_000);
afterAll(async () => gateway?.stop(), 60_000);

const collection: GatewayUnderTest['environment']['databases']['collection'] = (definition) =>
  gateway.environment.databases.collection(definition);

async function get<Body>(path: string, query: Record<string, string> = {}, status = 200): Promise<Body> {
  const { body } = await gateway.as('get', path).query(query).expect(status);
  return body as Body;
}

async function map(integration: string, version: number, fields: Record<string, MappingSource>): Promise<void> {
  const entries = Object.entries(fields).map(([to, from]) => ({ to, from }));
  const definition = { entries, syncKeys: ['email'] };
  const _id = `${integration}/${version}`;
  await collection(mappings).insertOne({ _id, integration, version, definition, createdAt: new Date() });
}

/** Somebody with accounts, each of an integration and noted with the time of its last run. */
async function person(id: string, own: Record<string, { time: string; active?: boolean; passive?: boolean }>) {
  await collection(people).insertOne(buildPerson({ _id: id, keys: [`email:${id}`] }));
  for (const [integration, { time, active = true, passive = false }] of Object.entries(own)) {
    const _id = `${integration}:${id}`;
    await collection(accounts).insertOne(buildAccount({ _id, integration, person: id, active, passive, vendorId: id }));
    await collection(tracking).insertOne({ _id, run: 'run', syncTime: time, credentialName: `Key of ${integration}` });
  }
}

const syncTime: MappingSource = { kind: 'tracking', name: 'sync-time' };
const credentialName: MappingSource = { kind: 'tracking', name: 'credential-name' };
const [monday, tuesday] = ['2026-11-23T02:00:00.000Z', '2026-11-24T02:00:00.000Z'];

describe('people fields that are mapped from values of the run (R77, R78)', () => {
  beforeAll(async () => {
    const known = { authoritative: false, connector: 'some' };
    await collection(settings).insertOne({
      _id: 'fold',
      version: 1,
      concerns: 1,
      uniqueFields: [],
      integrations: {
        first: { ...known, name: 'first', priority: 10 },
        second: { ...known, name: 'second', priority: 20 },
      },
    });
    await map('first', 1, { email: { kind: 'field', path: 'email' } });
    await map('first', 2, { last_seen: syncTime, seen_by: credentialName });
    await map('second', 1, { last_seen: syncTime });
    await map('third', 1, { last_seen: syncTime });
    await map('third', 2, { email: { kind: 'field', path: 'email' } });
    await person('ada', { first: { time: monday }, second: { time: tuesday } });
    await person('bea', { first: { time: monday, active: false }, second: { time: tuesday } });
    await person('carl', { first: { time: monday, passive: true } });
    await person('dora', { third: { time: monday } });
    await person('emil', { first: { time: monday } });
    const overrides = { last_seen: { value: 'by hand', by: 'api-key:1', at: monday } };
    await collection(people).updateOne(
      { _id: 'emil' },
      { $set: { overrides, 'values.last_seen': 'by hand', 'provenance.last_seen': 'override' } },
    );
  });

  const valuesOf = async (id: string) => (await get<PersonRecord>(`/people/${id}`)).values;

  it('show the value of the account that comes first in the order of the fold, and say whose it is', async () => {
    expect(await get(`/people/ada`)).toMatchObject({
      values: { last_seen: monday, seen_by: 'Key of first', email: 'ada@example.com' },
      provenance: { last_seen: 'first:ada', seen_by: 'first:ada' },
    });
    expect(await get(`/people/bea`)).toMatchObject({
      values: { last_seen: tuesday, seen_by: 'Key of first' },
      provenance: { last_seen: 'second:bea' },
    });
  });

  it('show nothing of an account that takes no part, nor of a mapping that has it no more', async () => {
    expect(await valuesOf('carl')).not.toHaveProperty('last_seen');
    expect(await valuesOf('dora')).not.toHaveProperty('last_seen');
  });

  it('give way to what was set by hand', async () => {
    expect(await valuesOf('emil')).toMatchObject({ last_seen: 'by hand', seen_by: 'Key of first' });
  });

  it('stand in the list of people as well', async () => {
    const { items } = await get<Page<PersonRecord>>('/people');
    expect(items.map(({ id, values }) => [id, values['last_seen'] ?? null])).toEqual([
      ['ada', monday],
      ['bea', tuesday],
      ['carl', null],
      ['dora', null],
      ['emil', 'by hand'],
    ]);
  });

  it.each([
    ['filter', { filter: 'last_seen gt "2026"' }, 'invalid-filter'],
    ['sort', { sort: '-last_seen' }, 'invalid-sort'],
  ])('are refused in a %s, saying why', async (_, query, code) => {
    const problem = await get<Problem>('/people', query, 400);
    expect(problem).toMatchObject({ code, detail: expect.stringMatching(/"last_seen" holds a value of the run/) });
  });
});
