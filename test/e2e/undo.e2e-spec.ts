import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notices } from '@rollcall/collections';
import type {
  AccountRecord,
  MappingDefinition,
  PersonRecord,
  RunRecord,
  SystemHealth,
  UndoConflict,
  UndoPreview,
} from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import type { Company } from './company.js';
import { Scenarios } from './scenarios.js';

const staff = 40;

let scenarios: Scenarios;

beforeAll(async () => {
  scenarios = await Scenarios.open();
  scenarios.begin('wrong mapping undone', staff, playWrongMapping);
  scenarios.begin('leavers undone', staff, playLeavers);
}, 120_000);

afterAll(async () => {
  await scenarios.close();
}, 150_000);

type Mapping = { readonly version: number; readonly definition: MappingDefinition };

const undoOf = (company: Company, run: string, body?: object) =>
  company.rest.request<RunRecord>('POST', `/runs/${run}/undo`, body === undefined ? {} : { body });
const conflictsOf = async (company: Company, run: string) =>
  (await company.rest.request<{ items: UndoConflict[] }>('GET', `/runs/${run}/undo-conflicts`)).body.items;

/** Everybody gets a wrong name, and somebody who had left is found again. */
async function playWrongMapping(company: Company): Promise<void> {
  const { rest } = company;
  const { integration } = company.connected('jumpcloud');
  const path = `/integrations/${integration}/mapping`;
  const { control } = company.simulator;
  const everybody = control.rawAccounts('jumpcloud');
  control.mutate([{ op: 'remove-users', vendor: 'jumpcloud', count: 1 }]);
  const staying = new Set(control.rawAccounts('jumpcloud').map(({ id }) => id));
  const { id, record } = everybody.find((one) => !staying.has(one.id))!;
  expect((await company.runOf('jumpcloud')).counts).toMatchObject({ deactivated: 1 });
  control.mutate([{ op: 'plant-record', vendor: 'jumpcloud', id, record }]);

  const { body: before } = await rest.request<Mapping>('GET', path);
  const wrong = { to: 'display_name', from: { kind: 'constant' as const, value: 'Nobody' } };
  const entries = before.definition.entries.map((entry) => (entry.to === 'display_name' ? wrong : entry));
  const saved = await rest.request('PUT', path, { body: { definition: { ...before.definition, entries } } });
  expect(saved.status).toBe(200);
  const accounts = await company.accounts('jumpcloud');
  const run = await company.runOf('jumpcloud');
  expect(run.counts).toMatchObject({ updated: staff, reactivated: 1 });

  const preview = await rest.request<UndoPreview>('POST', `/runs/${run.id}/undo-preview`);
  expect(preview).toMatchObject({ status: 200, body: { isComplete: true, left: [] } });
  expect(preview.body).toMatchObject({ restored: { count: staff }, deactivated: { count: 1 } });
  expect(preview.body.afterwards).toContain('Correct the mapping');

  const undone = await undoOf(company, run.id, { pause: true });
  expect(undone).toMatchObject({
    status: 200,
    body: { undone: { paused: true, counts: { restored: staff, deactivated: 1, conflicts: 0, skipped: 0 } } },
  });
  for (const { _id, values, active, person } of accounts) {
    const { body: now } = await rest.request<AccountRecord>('GET', `/accounts/${_id}`);
    expect([_id, now.values, now.active]).toEqual([_id, values, active]);
    if (person === null) continue;
    const owner = await rest.request<PersonRecord>('GET', `/people/${person}`);
    expect([person, owner.body.values['display_name']]).not.toEqual([person, 'Nobody']);
  }
  expect(await conflictsOf(company, run.id)).toEqual([]);
  const again = await rest.request<{ code: string; detail: string }>('POST', `/runs/${run.id}/undo`);
  expect(again).toMatchObject({ status: 409, body: { code: 'run-already-undone' } });
  expect(again.body.detail).toContain(`${staff} accounts have their old values again`);
  expect((await rest.request('POST', `/integrations/${integration}/runs`)).status).toBe(409);
}

/** Who left comes back by the undo; nobody is deactivated after it, and everything that is looked at says why. */
async function playLeavers(company: Company): Promise<void> {
  const { rest } = company;
  const { integration } = company.connected('lastpass');
  company.simulator.control.mutate([{ op: 'remove-users', vendor: 'lastpass', count: 2 }]);
  const run = await company.runOf('lastpass');
  expect(run.counts).toMatchObject({ deactivated: 2 });
  const preview = await rest.request<UndoPreview>('POST', `/runs/${run.id}/undo-preview`);
  expect(preview.body).toMatchObject({ reactivated: { count: 2 }, restored: { count: 0 }, takenBack: { count: 0 } });
  expect(preview.body.reactivated.samples).toHaveLength(2);
  expect((await undoOf(company, run.id)).body.undone).toMatchObject({ paused: false, counts: { reactivated: 2 } });
  const after = await company.runOf('lastpass');
  expect(after).toMatchObject({
    state: 'completed',
    counts: { deactivated: 0 },
    verdict: { decision: 'not-swept', reasons: [{ code: 'deactivate-on-hold' }] },
  });
  expect(after.verdict!.reasons[0]!.message).toContain(run.id);
  const { body: health } = await rest.request<SystemHealth>('GET', '/system/health');
  expect(health.deactivationsOnHold).toContainEqual(expect.objectContaining({ integration, run: run.id }));
  const told = () => company.databases.collection(notices).find({ integration, kind: 'run-undone' }).toArray();
  const [notice] = await waitFor('the notice', async () => ((await told()).length > 0 ? told() : null));
  expect(notice!.text).toContain('2 accounts are active again');
  await company.runOf('lastpass');
  expect(await told()).toHaveLength(1);
  const switched = await rest.request('PATCH', `/integrations/${integration}`, { body: { deactivate: true } });
  expect(switched.status).toBe(200);
  expect(await company.runOf('lastpass')).toMatchObject({ verdict: { decision: 'pass' }, counts: { deactivated: 2 } });
}

describe('a run that is undone', () => {
  it('gives back what a wrong mapping overwrote, pauses the integration, and is undone once', async () => {
    await scenarios.outcome('wrong mapping undone');
  }, 120_000);

  it('brings leavers back; until a person turns Deactivate on again, runs, health and a notice say that it is on hold', async () => {
    await scenarios.outcome('leavers undone');
  }, 120_000);
});
