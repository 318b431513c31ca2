import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, changes, notices } from '@rollcall/collections';
import {
  type Evaluation,
  type HeldPlanRecord,
  type IntegrationRecord,
  type MappingDefinition,
  type MappingSuggestion,
  type PersonRecord,
  type RunRecord,
  saasUsersTopic,
} from '@rollcall/contracts';
import { readTopic, waitFor } from '@rollcall/testing';

import { type Company, type OfBoth, type VendorId, vendorIds } from './company.js';
import { Rest } from './rest.js';
import { Scenarios } from './scenarios.js';

/** 120 active accounts: at most 6 may go without a person's word (P10). */
const staff = 120;
const most = 6;

let scenarios: Scenarios;

beforeAll(async () => {
  scenarios = await Scenarios.open();
  scenarios.begin('amount', staff, playAmount);
  scenarios.begin('half of a small company', 4, playHalf);
  scenarios.begin('protected administrator', 40, playProtected);
  scenarios.begin('approval', 40, playApproval);
  scenarios.begin('new secret', 40, playNewSecret);
  scenarios.begin('Deactivate off', 40, playDeactivateOff);
  scenarios.begin('short list', 40, playShortList);
  scenarios.begin('cancelled', 40, playCancelled);
  scenarios.begin('asked twice', 4, playAskedTwice);
  scenarios.begin('own mapping', 6, playOwnMapping);
}, 120_000);

afterAll(async () => {
  await scenarios.close();
}, 150_000);

type Leavers = OfBoth<{ readonly id: string; readonly record: Readonly<Record<string, unknown>> }[]>;

/** Takes ordinary users away at both vendors, and keeps their records so that they can come back as they were. */
function remove({ simulator }: Company, count: number): Leavers {
  const { control } = simulator;
  const leave = (vendor: VendorId) => {
    const before = control.rawAccounts(vendor);
    control.mutate([{ op: 'remove-users', vendor, count }]);
    const left = new Set(control.rawAccounts(vendor).map(({ id }) => id));
    return before.filter(({ id }) => !left.has(id));
  };
  return { lastpass: leave('lastpass'), jumpcloud: leave('jumpcloud') };
}

function bringBack(company: Company, leavers: Leavers, count: number): void {
  company.mutate((vendor) =>
    leavers[vendor].slice(0, count).map(({ id, record }) => ({ op: 'plant-record' as const, vendor, id, record })),
  );
}

async function expectDeactivated(company: Company, expected: OfBoth<readonly string[]>): Promise<void> {
  for (const vendor of vendorIds) {
    const ids = [...expected[vendor]].sort();
    expect([vendor, await company.deactivated(vendor)]).toEqual([vendor, { records: ids, events: ids }]);
  }
}

const nobody: OfBoth<readonly string[]> = { lastpass: [], jumpcloud: [] };
const idsOf = (leavers: Leavers, from = 0): OfBoth<string[]> => ({
  lastpass: leavers.lastpass.slice(from).map(({ id }) => id),
  jumpcloud: leavers.jumpcloud.slice(from).map(({ id }) => id),
});

function expectHeld(runs: OfBoth<RunRecord>, code: string, staged: number): void {
  for (const vendor of vendorIds) {
    expect(runs[vendor]).toMatchObject({ state: 'held', reason: { code }, verdict: { decision: 'hold', staged } });
    expect(runs[vendor].counts!.deactivated).toBe(0);
  }
}

async function expectTold(company: Company, kinds: readonly string[]): Promise<void> {
  for (const vendor of vendorIds) {
    const told = await company.told(vendor, kinds.at(-1)!);
    expect([told.kinds, told.mails.length]).toEqual([kinds, kinds.length]);
  }
}

/** One too many: held. Exactly the limit: passes. Undone: everybody is back, and Deactivate is on hold (E5). */
async function playAmount(company: Company): Promise<void> {
  const leavers = remove(company, most + 1);
  expectHeld(await company.run(), 'too-many-deactivations', most + 1);
  expectHeld(await company.run(), 'too-many-deactivations', most + 1);
  await expectDeactivated(company, nobody);
  bringBack(company, leavers, 1);
  const runs = await company.run();
  for (const vendor of vendorIds) {
    const verdict = { decision: 'pass', staged: most, activeAtStart: staff };
    expect(runs[vendor]).toMatchObject({ state: 'completed', verdict, counts: { deactivated: most, stale: 0 } });
  }
  const gone = idsOf(leavers, 1);
  await expectDeactivated(company, gone);
  await expectTold(company, ['run-held', 'run-recovered']);
  await expectUndone(company, runs, gone);
}

async function expectUndone(company: Company, runs: OfBoth<RunRecord>, gone: OfBoth<string[]>): Promise<void> {
  for (const vendor of vendorIds) {
    const undo = () => company.rest.request<RunRecord>('POST', `/runs/${runs[vendor].id}/undo`);
    const undone = { counts: { reactivated: gone[vendor].length } };
    expect(await undo()).toMatchObject({ status: 200, body: { undone } });
    expect((await undo()).status).toBe(409);
    const back = async () => (await company.deactivated(vendor)).records.length === 0;
    await waitFor(`everybody of ${vendor} to be active again`, back);
    const { deactivate, _id: integration } = await company.integrationOf(vendor);
    expect(deactivate).toMatchObject({ enabled: true, onHold: true, heldBy: { run: runs[vendor].id } });
    const filter = { event: 'saas-user.reactivated', 'after.integration': integration };
    const reactivated = await company.databases.collection(changes).find(filter).toArray();
    expect(reactivated.map(({ record }) => record.split(':').at(-1)).sort()).toEqual([...gone[vendor]].sort());
    for (const id of gone[vendor]) expect((await company.personOf(vendor, id)).active).toBe(true);
  }
  const after = await company.run();
  for (const vendor of vendorIds) {
    const verdict = { decision: 'not-swept', reasons: [{ code: 'deactivate-on-hold' }] };
    expect(after[vendor]).toMatchObject({ state: 'completed', counts: { deactivated: 0 }, verdict });
    expect((await company.deactivated(vendor)).records).toEqual([]);
  }
}

async function playHalf(company: Company): Promise<void> {
  const leavers = remove(company, 2);
  expectHeld(await company.run(), 'half-or-more', 2);
  await expectDeactivated(company, nobody);
  bringBack(company, leavers, 1);
  const runs = await company.run();
  for (const vendor of vendorIds)
    expect(runs[vendor]).toMatchObject({ state: 'completed', counts: { deactivated: 1 } });
  await expectDeactivated(company, idsOf(leavers, 1));
  await expectTold(company, ['run-held', 'run-recovered']);
}

async function playProtected(company: Company): Promise<void> {
  const { control } = company.simulator;
  const administrator = (vendor: VendorId) => {
    const { id } = control.company().vendors[vendor]!.accounts.find((account) => account.admin)!;
    return control.rawAccounts(vendor).filter((account) => account.id === id);
  };
  const leavers = { lastpass: administrator('lastpass'), jumpcloud: administrator('jumpcloud') };
  company.mutate((vendor) => ({ op: 'remove-user', vendor, id: leavers[vendor][0]!.id }));
  expectHeld(await company.run(), 'protected-account', 1);
  expectHeld(await company.run(), 'protected-account', 1);
  await expectDeactivated(company, nobody);
  bringBack(company, leavers, 1);
  const runs = await company.run();
  for (const vendor of vendorIds) {
    expect(runs[vendor]).toMatchObject({ state: 'completed', counts: { unchanged: 40, staged: 0 } });
  }
  await expectTold(company, ['run-held', 'run-recovered']);
}

/** Ten of forty really left: somebody who did not set this up looks at the names and approves (E3, E4, P11). */
async function playApproval(company: Company): Promise<void> {
  const leavers = remove(company, 10);
  const held = await company.run();
  expectHeld(held, 'too-many-deactivations', 10);
  bringBack(company, leavers, 1);
  const { installation, rest } = company;
  const key = await rest.request<{ key: string }>('POST', '/api-keys', {
    body: { name: `approver of ${company.title}`, owner: `Approver of ${company.title}`, scopes: ['read', 'approve'] },
  });
  const approver = new Rest(installation.gatewayUrl, key.body.key);
  for (const vendor of vendorIds) {
    const { integration } = company.connected(vendor);
    const open = await approver.request<{ items: HeldPlanRecord[] }>(
      'GET',
      `/held-plans?integration=${integration}&state=open`,
    );
    const [plan] = open.body.items;
    expect(open.body.items).toHaveLength(1);
    expect(plan).toMatchObject({ id: held[vendor].id, staged: 10, activeAtStart: 40, runs: 1 });
    expect(plan!.samples).toHaveLength(10);
    const approve = (by: Rest, hash: string) =>
      by.request<{ run: RunRecord }>('POST', `/held-plans/${plan!.id}/approve`, { body: { hash, note: 'they left' } });
    expect(await approve(rest, plan!.hash!)).toMatchObject({
      status: 403,
      body: { code: 'approval-needs-another-person' },
    });
    expect(await approve(approver, 'x')).toMatchObject({ status: 409, body: { code: 'held-plan-changed' } });
    const { status, body } = await approve(approver, plan!.hash!);
    expect(status).toBe(200);
    expect(await company.ended(body.run)).toMatchObject({
      state: 'completed',
      approves: plan!.id,
      verdict: { decision: 'pass', staged: 9, approved: 9, returned: { count: 1 } },
      counts: { deactivated: 9, stale: 0 },
    });
    const closed = await approver.request('GET', `/held-plans/${plan!.id}`);
    expect(closed.body).toMatchObject({ state: 'closed', note: 'they left', approvalRun: body.run.id });
  }
  await expectDeactivated(company, idsOf(leavers, 1));
  await expectTold(company, ['run-held', 'run-recovered']);
}

/** Another secret may see other users: its first run judges nobody, the next one does (A13 e). */
async function playNewSecret(company: Company): Promise<void> {
  const { lastpass, jumpcloud } = company.simulator.credentials;
  const fields = {
    lastpass: { username: lastpass.cid, password: lastpass.provhash },
    jumpcloud: { key: jumpcloud.apiKey },
  };
  for (const vendor of vendorIds) {
    const path = `/credentials/${company.connected(vendor).credential}`;
    expect((await company.rest.request('PATCH', path, { body: { fields: fields[vendor] } })).status).toBe(200);
  }
  const leavers = remove(company, 2);
  const first = await company.run();
  for (const vendor of vendorIds) {
    expect(first[vendor]).toMatchObject({
      state: 'completed',
      counts: { staged: 2, deactivated: 0 },
      verdict: { decision: 'not-swept', reasons: [{ code: 'first-after-change' }] },
    });
  }
  await expectDeactivated(company, nobody);
  const second = await company.run();
  for (const vendor of vendorIds)
    expect(second[vendor]).toMatchObject({ state: 'completed', counts: { deactivated: 2 } });
  await expectDeactivated(company, idsOf(leavers));
  await expectSilence(company);
}

async function playDeactivateOff(company: Company): Promise<void> {
  await switchDeactivate(company, false);
  const leavers = remove(company, 2);
  const suspended = { lastpass: company.idOf('lastpass', 5), jumpcloud: company.idOf('jumpcloud', 5) };
  company.mutate((vendor) => ({ op: 'suspend', vendor, id: suspended[vendor] }));
  const off = await company.run();
  for (const vendor of vendorIds) expect(off[vendor]).toMatchObject({ state: 'completed', counts: { deactivated: 0 } });
  await expectDeactivated(company, nobody);
  await switchDeactivate(company, true);
  const on = await company.run();
  for (const vendor of vendorIds) expect(on[vendor]).toMatchObject({ state: 'completed', counts: { deactivated: 3 } });
  const { lastpass, jumpcloud } = idsOf(leavers);
  const gone = { lastpass: [...lastpass, suspended.lastpass], jumpcloud: [...jumpcloud, suspended.jumpcloud] };
  await expectDeactivated(company, gone);
  await expectSilence(company);
}

async function switchDeactivate(company: Company, deactivate: boolean): Promise<void> {
  for (const vendor of vendorIds) {
    const path = `/integrations/${company.connected(vendor).integration}`;
    expect((await company.rest.request('PATCH', path, { body: { deactivate } })).status).toBe(200);
  }
}

/** A list that leaves people out and is right in itself; only asking for each by id shows the lie (P9 f). */
async function playShortList(company: Company): Promise<void> {
  // The administrator stands first; their absence alone would hold the run.
  const rest = (vendor: VendorId) => company.simulator.control.rawAccounts(vendor).slice(0, -2);
  const body: OfBoth<string> = {
    lastpass: JSON.stringify({
      total: 38,
      count: 38,
      Users: Object.fromEntries(rest('lastpass').map(({ id, record }) => [id, record])),
    }),
    jumpcloud: JSON.stringify({ totalCount: 38, results: rest('jumpcloud').map(({ record }) => record) }),
  };
  company.break((vendor) => ({ kind: 'body', body: body[vendor] }));
  const runs = await company.run();
  for (const vendor of vendorIds) {
    expect(runs[vendor]).toMatchObject({
      state: 'completed-with-errors',
      problems: [{ code: 'absence-refuted', count: 2 }],
      counts: { staged: 2, deactivated: 0 },
    });
    expect(runs[vendor].verdict!.refuted).toHaveLength(2);
  }
  await expectDeactivated(company, nobody);
  await expectSilence(company);
}

async function playCancelled(company: Company): Promise<void> {
  const leavers = remove(company, 1);
  company.break({ kind: 'hang' });
  for (const vendor of vendorIds) {
    const run = await company.start(vendor);
    const path = `/integrations/${company.connected(vendor).integration}/runs`;
    const second = await company.rest.request<{ code: string; detail: string }>('POST', path);
    expect([second.status, second.body.code]).toEqual([409, 'run-still-open']);
    expect(second.body.detail).toContain(run.id);
    const reading = async () => {
      const { body } = await company.rest.request<RunRecord>('GET', `/runs/${run.id}`);
      return body.state === 'reading';
    };
    await waitFor(`run ${run.id} to read`, reading);
    expect((await company.rest.request('POST', `/runs/${run.id}/cancel`)).status).toBe(200);
    expect(await company.ended(run)).toMatchObject({ state: 'cancelled', reason: { code: 'cancelled' } });
    const late = await company.rest.request<{ code: string }>('POST', `/runs/${run.id}/cancel`);
    expect([late.status, late.body.code]).toEqual([409, 'run-ended']);
  }
  await expectDeactivated(company, nobody);
  company.repair();
  const runs = await company.run();
  for (const vendor of vendorIds)
    expect(runs[vendor]).toMatchObject({ state: 'completed', counts: { deactivated: 1 } });
  await expectDeactivated(company, idsOf(leavers));
  await expectSilence(company);
}

/** A request repeated under its key is answered again and done once; another one under that key is refused (F1). */
async function playAskedTwice(company: Company): Promise<void> {
  const { rest } = company;
  const body = { name: 'Made once', connector: 'lastpass', credential: company.connected('lastpass').credential };
  const idempotencyKey = randomUUID();
  const make = (changed: object = {}) =>
    rest.request<IntegrationRecord>('POST', '/integrations', { body: { ...body, ...changed }, idempotencyKey });
  const [first, atOnce] = await Promise.all([make(), make()]);
  const later = await make();
  expect([first.status, atOnce.status, later.status]).toEqual([201, 201, 201]);
  expect([atOnce.body.id, later.body.id]).toEqual([first.body.id, first.body.id]);
  expect((await make({ name: 'Made of another' })).status).toBe(422);
  const { body: all } = await rest.request<{ items: IntegrationRecord[] }>('GET', '/integrations?limit=100');
  expect(all.items.filter(({ name }) => name.startsWith('Made'))).toHaveLength(1);

  const path = `/integrations/${company.connected('jumpcloud').integration}/runs`;
  const start = () => rest.request<RunRecord>('POST', path, { idempotencyKey: `${idempotencyKey}/run` });
  const run = (await start()).body;
  await company.ended(run);
  expect(await start()).toMatchObject({ status: 201, body: { id: run.id } });
  const runs = await rest.request<{ items: RunRecord[] }>('GET', `/runs?integration=${run.integration}`);
  expect(runs.body.items).toHaveLength(2);
}

/** A person maps one more value of the vendor to a field that did not exist, after trying it on real records (R62 to R76). */
async function playOwnMapping(company: Company): Promise<void> {
  const { rest } = company;
  const { integration } = company.connected('jumpcloud');
  const path = `/integrations/${integration}/mapping`;
  type Mapping = { readonly version: number; readonly definition: MappingDefinition };
  const { body: before } = await rest.request<Mapping>('GET', path);
  const proposed = await rest.request<{ items: MappingSuggestion[] }>('GET', `${path}/suggestions`);
  expect(proposed.body.items.some(({ newField }) => newField !== null)).toBe(true);
  const field = { variable: 'login_upper', label: 'Capitals', type: 'short-text', unique: false, required: false };
  const entry = { to: 'login_upper', from: { kind: 'expression', expression: '$uppercase(username)' } };
  const wanted = {
    definition: { ...before.definition, entries: [...before.definition.entries, entry] },
    newFields: [field],
  };
  const tried = await rest.request<Evaluation>('POST', `${path}/evaluations`, { body: wanted });
  expect(tried.body.records).toHaveLength(6);
  expect(tried.body.records[0]!.values['login_upper']).toMatch(/^[X.9@]+$/);
  const broken = { ...wanted, definition: { ...wanted.definition, syncKeys: ['role'] } };
  expect(await rest.request('PUT', path, { body: broken })).toMatchObject({
    status: 422,
    body: { code: 'mapping-invalid', detail: expect.stringContaining('Role is not unique') },
  });
  expect(await rest.request('PUT', path, { body: wanted })).toMatchObject({
    status: 200,
    body: { version: before.version + 1 },
  });
  expect(await company.runOf('jumpcloud')).toMatchObject({ state: 'completed', counts: { updated: 6, rejected: 0 } });
  const [account] = await company.accounts('jumpcloud');
  const shown = await rest.request<PersonRecord>('GET', `/people/${account!.person}`);
  expect(shown.body.values['login_upper']).toBe(account!.username!.toUpperCase());
  const one = await rest.request<RunRecord>('POST', `/integrations/${integration}/user-runs`, {
    body: { vendorId: account!.vendorId },
  });
  const explained = await company.ended(one.body);
  expect(explained).toMatchObject({ state: 'completed', scope: 'none', counts: { read: 1, unchanged: 1, staged: 0 } });
  expect(explained.subject!.steps.map(({ step, outcome }) => [step, outcome])).toEqual(
    ['connect', 'fetch', 'in-scope', 'match', 'act'].map((step) => [step, 'done']),
  );
  const versions = await rest.request<{ items: Mapping[] }>('GET', `${path}/versions`);
  expect(versions.body.items.map(({ version }) => version)).toEqual([before.version + 1, before.version]);
}

/** Nothing here was trouble that contacts must hear of. */
async function expectSilence(company: Company): Promise<void> {
  for (const vendor of vendorIds) {
    const { integration } = company.connected(vendor);
    expect(await company.databases.collection(notices).countDocuments({ integration })).toBe(0);
  }
}

describe('who may be deactivated', () => {
  it('one more than the limit is held; exactly the limit goes, and comes back by undo, with Deactivate on hold', async () => {
    await scenarios.outcome('amount');
  }, 90_000);

  it('half of a small company is held', async () => {
    await scenarios.outcome('half of a small company');
  }, 60_000);

  it('an administrator among the missing holds the run', async () => {
    await scenarios.outcome('protected administrator');
  }, 60_000);

  it('those of a held plan go when somebody else approves it, and whoever came back stays', async () => {
    await scenarios.outcome('approval');
  }, 60_000);

  it('nobody in the first run with a new secret; the run says so, and the next one judges', async () => {
    await scenarios.outcome('new secret');
  }, 60_000);

  it('nobody while Deactivate is off; whoever is still gone when it is on again', async () => {
    await scenarios.outcome('Deactivate off');
  }, 60_000);

  it('nobody whom the vendor, asked by id, says is there', async () => {
    await scenarios.outcome('short list');
  }, 60_000);

  it('nobody by a run that was cancelled; a second start meanwhile is refused', async () => {
    await scenarios.outcome('cancelled');
  }, 60_000);

  it('has one event in the topic for every deactivation stored, and no other', async () => {
    await scenarios.settled();
    const { databases, kafka } = scenarios.installation.environment;
    const messages = await readTopic(kafka, saasUsersTopic);
    const events = messages.map(({ value }) => JSON.parse(value) as { id: string; type: string });
    const published = new Set(events.filter(({ type }) => type === 'saas-user.deactivated').map(({ id }) => id));
    const stored = await databases.collection(changes).countDocuments({ event: 'saas-user.deactivated' });
    expect(published.size).toBe(stored);
    expect(stored).toBeGreaterThan(2 * most);
    const inactive = await databases.collection(accounts).countDocuments({ active: false });
    expect(inactive).toBe(stored - 2 * most);
  }, 60_000);
});

describe('requests', () => {
  it('repeated under the same Idempotency-Key are done once', async () => {
    await scenarios.outcome('asked twice');
  }, 60_000);

  it('map a value to a new field, after trying it on real records', async () => {
    await scenarios.outcome('own mapping');
  }, 60_000);

  it('write no secret anywhere (P20)', async () => {
    expect((await scenarios.scan()).hits).toEqual([]);
  }, 60_000);
});
