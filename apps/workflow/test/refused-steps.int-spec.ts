import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { AccountDocument } from '@rollcall/collections';
import { deactivateWorkflow, type WorkflowRecord } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { vaultBook } from './test-vault.js';
import { block, byHand, definitionOf, WorkflowWorld } from './workflow-world.js';

let world: WorkflowWorld;
let deletion: WorkflowRecord;
beforeAll(async () => {
  world = await WorkflowWorld.create({ DESTRUCTIVE_PER_HOUR: '25', DESTRUCTIVE_DAILY_PERCENT: '100' });
  deletion = await world.activate(definitionOf('saas-user.deactivated', 'lastpass', block('jumpcloud', 'delete-user')));
}, 90_000);
afterEach(() => world.simulator.control.clearFaults());
afterAll(() => world.close());

async function refusedFor(change: Partial<AccountDocument>): Promise<string> {
  const { left, target } = await world.leaver('jumpcloud');
  await world.change(target, change);
  const event = await world.publish('saas-user.deactivated', left, byHand);
  const ended = await world.ended(event, deletion);
  expect(ended).toMatchObject({ state: 'failed', steps: [{ state: 'refused', attempts: 0 }] });
  expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
  return ended.steps[0]!.message ?? '';
}

describe('a destructive step is refused, and nothing is sent,', () => {
  it('for a protected user (P19)', async () => {
    expect(await refusedFor({ protected: true })).toMatch(/protected/);
  });

  const hold = { by: 'api-key:1', at: '2026-11-20T10:00:00.000Z', reason: 'sabbatical' };

  it('for an account that is held as active, saying by whom and why (P19)', async () => {
    expect(await refusedFor({ hold })).toMatch(
      /The account is held as active .*api-key:1 \("sabbatical"\).*Lift the hold/,
    );
  });

  it('for a person who is held as active (P19)', async () => {
    const { left, target } = await world.leaver('jumpcloud');
    await world.changePerson(target.person!, { hold });
    const ended = await world.ended(await world.publish('saas-user.deactivated', left, byHand), deletion);
    expect(ended.steps[0]).toMatchObject({
      state: 'refused',
      message: expect.stringMatching(/The person is held as active/),
    });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
  });

  it('for a user of the credential, whom a person named in it (G7)', async () => {
    const { left, target } = await world.leaver('jumpcloud');
    await world.changeCredential('jumpcloud', { ownUsers: [String(target.values['email']).toUpperCase()] });
    const ended = await world.ended(await world.publish('saas-user.deactivated', left, byHand), deletion);
    expect(ended.steps[0]).toMatchObject({
      state: 'refused',
      message: expect.stringMatching(/one of the credential itself/),
    });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
    await world.changeCredential('jumpcloud', { ownUsers: [] });
  });

  it('for a user of the credential by which runs read, though another one acts (G7)', async () => {
    const { left, target } = await world.leaver('jumpcloud');
    await world.integration('int-jumpcloud', { connector: 'jumpcloud', credential: 'credential-of-runs' });
    await world.copyCredential('jumpcloud', 'credential-of-runs', { ownUsers: [target.vendorId] });
    const ended = await world.ended(await world.publish('saas-user.deactivated', left, byHand), deletion);
    expect(ended.steps[0]).toMatchObject({ state: 'refused', message: expect.stringMatching(/credential itself/) });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
    await world.removeIntegration('int-jumpcloud');
  });

  it('for the user that a field of the credential names by which the last run read (G7)', async () => {
    const { left, target } = await world.leaver('jumpcloud');
    await world.integration('int-jumpcloud', { connector: 'jumpcloud', credential: 'credential-of-readers' });
    await world.copyCredential('jumpcloud', 'credential-of-readers', { ownUsers: null });
    await world.reading('int-jumpcloud', [target.username!]);
    const ended = await world.ended(await world.publish('saas-user.deactivated', left, byHand), deletion);
    expect(ended.steps[0]).toMatchObject({ state: 'refused', message: expect.stringMatching(/credential itself/) });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
    await world.removeIntegration('int-jumpcloud');
  });

  it('for a hold that is set while the vendor is asked who the user is (P19)', async () => {
    const { left, target } = await world.leaver('jumpcloud');
    world.simulator.control.addFaults([
      { vendor: 'jumpcloud', match: { operation: 'get', times: 1 }, fault: { kind: 'delay', ms: 1_500 } },
    ]);
    const event = await world.publish('saas-user.deactivated', left, byHand);
    await waitFor('the question', () => Promise.resolve(world.simulator.control.faults()[0]!.fired === 1));
    await world.change(target, { hold });
    const ended = await world.ended(event, deletion);
    expect(ended.steps[0]).toMatchObject({ state: 'refused', message: expect.stringMatching(/held as active/) });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
  });

  it('for an administrator of the vendor (P19)', async () => {
    expect(await refusedFor({ administrator: true })).toMatch(/administrator/);
  });

  it('for a user whom the last run saw and the vendor does not know (P17)', async () => {
    const { left, target } = await world.leaver('jumpcloud');
    world.simulator.control.mutate([{ op: 'remove-user', vendor: 'jumpcloud', id: target.vendorId }]);
    const before = world.actions('jumpcloud');
    const event = await world.publish('saas-user.deactivated', left, byHand);
    const ended = await world.ended(event, deletion);
    expect(ended.steps[0]).toMatchObject({ state: 'refused', message: expect.stringContaining('nothing was sent') });
    expect(world.actions('jumpcloud')).toBe(before);
    expect(await world.observations()).not.toContainEqual(expect.objectContaining({ account: target._id }));
  });

  it('for a person with two accounts in the app that a variable names (G6)', async () => {
    const inputs = { userId: '{{accounts.jumpcloud.id}}' };
    const workflow = await world.activate(
      definitionOf('person.deactivated', null, block('jumpcloud', 'delete-user', inputs)),
    );
    const first = await world.store('jumpcloud', world.take('jumpcloud'));
    const second = await world.store('jumpcloud', world.take('jumpcloud'), { person: first.person._id });
    const ended = await world.ended(await world.publishPerson(first.person, byHand), workflow);
    expect(ended.steps[0]).toMatchObject({ state: 'refused', message: expect.stringMatching(/2 accounts/) });
    for (const { account } of [first, second]) expect(world.effects('jumpcloud', account.vendorId)).toEqual([]);
    await world.command(deactivateWorkflow, workflow.id, { id: workflow.id });
  });

  it('for a field without a value (R119)', async () => {
    const { account } = await world.store('lastpass', world.take('lastpass'), {
      active: false,
      deactivated: { run: null, time: new Date().toISOString() },
    });
    const before = world.actions('jumpcloud');
    const event = await world.publish('saas-user.deactivated', account, byHand);
    const ended = await world.ended(event, deletion);
    expect(ended.steps[0]).toMatchObject({ state: 'refused', message: expect.stringMatching(/jump_cloud_user_id/) });
    expect(world.actions('jumpcloud')).toBe(before);
  });
});

describe('the vendor', () => {
  it('has the last word: a manager is not deleted, and its reason is stored', async () => {
    const { left, target } = await world.leaver('jumpcloud');
    const report = world.take('jumpcloud');
    world.simulator.control.mutate([
      { op: 'set-field', vendor: 'jumpcloud', id: report.id, field: 'manager', value: target.vendorId },
    ]);
    const event = await world.publish('saas-user.deactivated', left, byHand);
    const ended = await world.ended(event, deletion);
    expect(ended).toMatchObject({
      state: 'failed',
      steps: [{ state: 'refused', message: expect.stringMatching(/manager/) }],
    });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
  });

  it('is not asked without a lease, and the lease says for which intent', async () => {
    const { left } = await world.leaver('jumpcloud');
    const event = await world.publish('saas-user.deactivated', left, byHand);
    const ended = await world.ended(event, deletion);
    expect(vaultBook.purposes).toContainEqual({ kind: 'intent', reference: `${ended._id}/step` });
  });
});
