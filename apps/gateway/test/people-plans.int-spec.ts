import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import {
  auditEvents,
  people,
  type PeoplePlanDocument,
  peoplePlanLines,
  peoplePlans,
  type PersonDocument,
} from '@rollcall/collections';
import {
  type ApiKey,
  AppError,
  approvePeoplePlan,
  type InputOf,
  type Page,
  type PeopleEffect,
  type PeoplePlanLine,
  type PeoplePlanRecord,
  previewPeopleEffect,
  rejectPeoplePlan,
  undoPeoplePlan,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { GatewayUnderTest } from './gateway-under-test.js';
import { buildPerson } from './records.js';

const at = '2026-11-20T08:00:00.000Z';
const expiresAt = new Date('2026-11-27T08:00:00.000Z');

const buildPlan = (_id: string, overrides: Partial<PeoplePlanDocument> = {}): PeoplePlanDocument => ({
  _id,
  group: 'settings',
  state: 'held',
  cause: { kind: 'settings', version: 5 },
  change: 'HR became authoritative.',
  changedBy: ['ada'],
  integrations: ['hr'],
  hash: 'hash-1',
  incident: `people-held/${_id}`,
  reasons: [{ code: 'half-or-more', message: 'Half of them would be deactivated.' }],
  staged: 3,
  protected: 0,
  active: 5,
  samples: ['Ada Lovelace'],
  createdAt: at,
  expiresAt,
  decidedBy: null,
  decidedAt: null,
  note: null,
  executedAt: null,
  deactivated: null,
  stale: null,
  undo: null,
  line: 0,
  ...overrides,
});
const record = (id: string): PeoplePlanRecord => {
  const { _id, group: _group, line: _line, ...plan } = buildPlan(id);
  return { id: _id, ...plan, expiresAt: expiresAt.toISOString() };
};
const effect: PeopleEffect = {
  looked: 20,
  complete: true,
  becomeInactive: { count: 8, samples: [{ person: 'person-1', name: 'Ada Lovelace' }] },
  becomeActive: { count: 0, samples: [] },
  guard: { decision: 'hold', reasons: [{ code: 'half-or-more', message: 'Half of them would be deactivated.' }] },
};

const told: unknown[] = [];

@Injectable()
class MappingCommands {
  @HandleCommand(approvePeoplePlan)
  async approve(input: InputOf<typeof approvePeoplePlan>, _context: CommandContext) {
    told.push(input);
    if (input.hash !== 'hash-1') throw new AppError('people-plan-changed', 'Look at the plan again.');
    return { plan: record(input.plan) };
  }

  @HandleCommand(rejectPeoplePlan)
  async reject(input: InputOf<typeof rejectPeoplePlan>, _context: CommandContext) {
    told.push(input);
    return { plan: record(input.plan) };
  }

  @HandleCommand(undoPeoplePlan)
  async undo(input: InputOf<typeof undoPeoplePlan>, _context: CommandContext) {
    told.push(input);
    return { plan: record(input.plan) };
  }

  @HandleCommand(previewPeopleEffect, { mode: 'outside' })
  async preview(input: InputOf<typeof previewPeopleEffect>, _context: CommandContext) {
    told.push(input);
    return effect;
  }
}

@Module({ providers: [MappingCommands] })
class MappingOwner {}

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  await gateway.startOwner('mapping', MappingOwner);
  const { databases } = gateway.environment;
  await databases
    .collection(peoplePlans)
    .insertMany([
      buildPlan('plan-1'),
      buildPlan('plan-2', { state: 'executed', integrations: ['badges'], createdAt: '2026-11-21T08:00:00.000Z' }),
    ]);
  await databases.collection(peoplePlanLines).insertMany(
    (['executed', 'stale', 'executed'] as const).map((state, number) => ({
      _id: `plan-2/000000${number}`,
      plan: 'plan-2',
      number,
      person: `person-${number}`,
      name: `Person ${number}`,
      protected: false,
      state,
      reason: state === 'stale' ? 'the person is held' : null,
      at: new Date(at),
    })),
  );
  const due: PersonDocument['due'] = { since: at, cause: { kind: 'settings', version: 5 }, plan: 'plan-1' };
  await databases.collection(people).insertOne(buildPerson({ due }));
}, 60_000);
afterAll(async () => gateway?.stop(), 60_000);

async function get<Body>(path: string): Promise<Body> {
  const { body } = await gateway.as('get', path).expect(200);
  return body as Body;
}
const post = (path: string, body: object, status = 200) => gateway.as('post', path).send(body).expect(status);

describe('people plans over REST', () => {
  it('are listed newest first, found by state and integration, and read one by one', async () => {
    const idsOf = async (query: string) =>
      (await get<Page<PeoplePlanRecord>>(`/people-plans${query}`)).items.map(({ id }) => id);
    expect(await idsOf('')).toEqual(['plan-2', 'plan-1']);
    expect(await idsOf('?state=held')).toEqual(['plan-1']);
    expect(await idsOf('?integration=badges')).toEqual(['plan-2']);
    expect(await get('/people-plans/plan-1')).toEqual(record('plan-1'));
    await gateway.as('get', '/people-plans/nothing').expect(404);
  });

  it('have lines that say of each person what was done, and why not', async () => {
    const all = await get<Page<PeoplePlanLine>>('/people-plans/plan-2/lines?limit=2');
    expect(all.items.map(({ number, state }) => [number, state])).toEqual([
      [0, 'executed'],
      [1, 'stale'],
    ]);
    expect(all.page.next).not.toBeNull();
    const stale = await get<Page<PeoplePlanLine>>('/people-plans/plan-2/lines?state=stale');
    expect(stale.items).toEqual([
      {
        number: 1,
        person: 'person-1',
        name: 'Person 1',
        protected: false,
        state: 'stale',
        reason: 'the person is held',
      },
    ]);
    await gateway.as('get', '/people-plans/nothing/lines').expect(404);
  });

  it('are approved by hash, rejected with a note, and undone; whoever lacks the scope cannot', async () => {
    const writer = await gateway.keyWith('read', 'write');
    await gateway.as('post', '/people-plans/plan-1/approve', writer).send({ hash: 'hash-1' }).expect(403);
    await gateway.as('post', '/people-plans/plan-1/reject', writer).send({}).expect(403);
    // Made without an owner, so it is one more key of whoever made it.
    const approver = await gateway.keyWith('approve');
    const ada = { name: 'Of Ada', owner: ' ADA ', scopes: ['approve'] };
    const { id, owner } = (await gateway.as('post', '/api-keys').send(ada).expect(201)).body as ApiKey;
    expect(owner).toBe('ADA');
    const { body } = await gateway.as('post', '/people-plans/plan-1/approve', approver).send({ hash: 'hash-1' });
    expect(body).toEqual(record('plan-1'));
    await post('/people-plans/plan-1/approve', { hash: 'another' }, 409);
    await post('/people-plans/plan-1/reject', { note: 'they work here' });
    await gateway.as('post', '/people-plans/plan-2/undo', writer).expect(200);
    const [{ holders }] = told as [{ holders: unknown }];
    expect(holders).toEqual([
      {
        name: 'the key "First key"',
        actors: [expect.any(String), expect.any(String), expect.any(String)],
        mayApprove: true,
      },
      { name: 'ADA', actors: [`api-key:${id}`], mayApprove: true },
    ]);
    expect(told.splice(0)).toEqual([
      { plan: 'plan-1', hash: 'hash-1', note: null, holders: expect.any(Array) },
      { plan: 'plan-1', hash: 'another', note: null, holders: expect.any(Array) },
      { plan: 'plan-1', note: 'they work here' },
      { plan: 'plan-2' },
    ]);
    const audited = await gateway.environment.databases.collection(auditEvents).find().toArray();
    expect(JSON.stringify(audited)).toContain('approvePeoplePlan');
  });

  it('are previewed by the body of the change that is thought of', async () => {
    const change = { authoritative: true, priority: 3, name: 'HR' };
    expect((await post('/integrations/hr/people-effect', change)).body).toEqual(effect);
    await post('/integrations/hr/deletion/people-effect?data=clean', {});
    await post('/integrations/hr/deletion/people-effect', {});
    await post('/sources-of-truth/people-effect', { sources: { job_title: ['hr'] } });
    await post('/people/person-1/merge/people-effect', { merged: 'person-2' });
    expect(told.splice(0)).toEqual([
      { kind: 'integration', integration: 'hr', authoritative: true, priority: 3 },
      { kind: 'retirement', integration: 'hr' },
      { kind: 'integration', integration: 'hr' },
      { kind: 'sources', sources: { job_title: ['hr'] } },
      { kind: 'merge', keep: 'person-1', merged: 'person-2' },
    ]);
    const reader = await gateway.keyWith('read');
    await gateway.as('post', '/integrations/hr/people-effect', reader).send(change).expect(403);
  });

  it('need attention while they are held', async () => {
    expect(await get('/system/health')).toMatchObject({
      status: 'attention',
      heldPeoplePlans: [
        {
          plan: 'plan-1',
          change: 'HR became authoritative.',
          staged: 3,
          reason: 'Half of them would be deactivated.',
        },
      ],
    });
  });

  it('leave no mark in the record of a person', async () => {
    expect(await get('/people/person-1')).not.toHaveProperty('due');
  });
});
