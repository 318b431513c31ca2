import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { changes, peoplePlans, type PersonDocument, retirements } from '@rollcall/collections';
import { mergePeople, protectPerson, retireIntegration, setSourcesOfTruth } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { names, PeoplePlansWorld } from './people-plans-world.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(90_000);

const crowd = names('stays', 30);
const mail = [...crowd, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'k'];

describe('what makes people inactive only by a plan', () => {
  let world: PeoplePlansWorld;
  let plans = 0;

  beforeAll(async () => {
    world = await PeoplePlansWorld.create();
    await world.read('mail', mail);
    await world.read('hr', [...names('stays', 5), '-a']);
  });
  afterAll(() => world.remove());

  const executed = async (deactivated: number) => {
    const plan = await world.plan('executed', plans);
    plans += 1;
    expect(plan).toMatchObject({ deactivated, stale: 0, decidedBy: null, reasons: [] });
    return plan;
  };
  const causeOf = async ({ _id }: PersonDocument) =>
    (await world.collection(changes).findOne({ record: _id, event: 'person.deactivated' }))!.cause;

  it('is an authoritative mark: below the limit it passes by itself, as its preview said', async () => {
    const effect = await world.preview({ kind: 'integration', integration: 'hr', authoritative: true });
    expect(effect).toMatchObject({ becomeInactive: { count: 1 }, guard: { decision: 'pass', reasons: [] } });
    await world.mark('hr', true);
    const plan = await executed(effect.becomeInactive.count);
    expect(await world.inactive()).toEqual(['a']);
    expect(await causeOf(await world.person('a'))).toMatchObject({ kind: 'people-plan', plan: plan._id });
  });

  it('is a new account of an authoritative integration that is first seen inactive', async () => {
    const run = await world.read('hr', [...names('stays', 5), '-a', '-b']);
    const plan = await executed(1);
    expect(plan).toMatchObject({ cause: { kind: 'run', run, integration: 'hr' }, integrations: ['hr'] });
    expect(plan.change).toContain('hr, which is authoritative, brought inactive accounts');
    expect(await world.inactive()).toEqual(['a', 'b']);
    await world.read('hr', [...names('stays', 5), 'a', 'b']);
    await waitFor('both to be active again', async () => (await world.inactive()).length === 0);
  });

  it('is a deleted integration: its accounts are retired, and whom only inactive accounts are left of is in a plan', async () => {
    await world.read('old', ['-c', 'd']);
    await world.read('gone', ['c', 'd', 'x']);
    await world.mark('old', true);
    const first = await executed(1);
    expect(await world.inactive()).toEqual(['c']);
    await world.mark('gone', true);
    await waitFor('c to be active', async () => (await world.inactive()).length === 0);
    const effect = await world.preview({ kind: 'retirement', integration: 'gone' });
    expect(effect).toMatchObject({ looked: 3, becomeInactive: { count: 1, samples: [{ name: 'c' }] } });
    await world.send(retireIntegration, 'gone', { integration: 'gone', data: 'clean' }, 'cy', world.runner);
    const plan = await executed(effect.becomeInactive.count);
    expect(plan).toMatchObject({ cause: { kind: 'retirement', integration: 'gone' }, changedBy: ['cy'] });
    expect(plan._id).not.toBe(first._id);
    const deactivated = { record: (await world.person('c'))._id, event: 'person.deactivated' };
    const causes = await world.collection(changes).find(deactivated).sort({ revision: 1 }).toArray();
    expect(causes.map(({ cause }) => cause)).toMatchObject([{ from: 'settings' }, { from: 'retirement' }]);
    expect(await world.inactive()).toEqual(['c']);
    const retired = (await world.fixture.accounts()).filter(({ integration }) => integration === 'gone');
    expect(retired.map(({ retired: mark }) => mark?.by)).toEqual(['cy', 'cy', 'cy']);
    expect((await world.collection(retirements).findOne({ _id: 'gone' }))!.isDone).toBe(true);
  });

  it('are no sources of truth and no priorities: they change values alone, and their preview says so', async () => {
    const before = await world.inactive();
    const sources = { job_title: ['hr', 'mail'] };
    const effect = await world.preview({ kind: 'sources', sources });
    expect(effect).toMatchObject({ looked: 0, becomeInactive: { count: 0 }, guard: { decision: 'pass' } });
    await world.send(setSourcesOfTruth, 'fold', { ifVersion: null, sources });
    await world.refolded();
    expect(await world.inactive()).toEqual(before);
    expect(await world.plans()).toHaveLength(plans);
    const strange = { kind: 'sources' as const, sources: { job_title: ['nobody'] } };
    await expect(world.preview(strange)).rejects.toThrow('integration-not-found');
    await expect(world.preview({ kind: 'integration', integration: 'nobody' })).rejects.toThrow(
      'integration-not-found',
    );
  });

  it('is no merge: a person decides on two people, and it takes effect at once, as its preview said', async () => {
    await world.read('hr', [...names('stays', 5), 'a', 'b', '-solo']);
    const [keep, merged] = [await world.person('e'), await world.person('solo')];
    const effect = await world.preview({ kind: 'merge', keep: keep._id, merged: merged._id });
    expect(effect).toMatchObject({
      becomeInactive: { count: 1, samples: [{ person: keep._id, name: 'e' }] },
      guard: { decision: 'not-judged' },
    });
    await world.send(mergePeople, keep._id, { keep: keep._id, merged: merged._id });
    expect(await world.person('e')).toMatchObject({ active: false });
    expect(await causeOf(keep)).toMatchObject({ kind: 'command', actor: 'ada' });
    expect(await world.plans()).toHaveLength(plans);
  });

  it('leaves protected people active: their plan is held, and an approval only shows them', async () => {
    const [f, g] = [await world.person('f'), await world.person('g')];
    await world.send(protectPerson, f._id, { person: f._id, protected: true });
    await world.read('hr', [...names('stays', 5), 'a', 'b', '-f', '-g']);
    const plan = await world.plan('held', plans);
    plans += 1;
    expect(plan).toMatchObject({ staged: 2, protected: 1, reasons: [{ code: 'protected-person' }] });
    expect(plan.reasons[0]!.message).toContain('f');
    expect(await world.approve(plan, 'bo')).toMatchObject({ status: 'done' });
    expect(await world.plan('executed', plans - 1)).toMatchObject({ deactivated: 1, stale: 1 });
    expect(await world.person('f')).toMatchObject({ active: true });
    expect(await world.person('g')).toMatchObject({ active: false });
    expect(g._id).toBe((await world.person('g'))._id);
  });

  it("leaves the own user of the credential active that one of the person's accounts is read with", async () => {
    await world.read('mail', mail, { ownUsers: ['k@example.com'] });
    await world.read('hr', [...names('stays', 5), 'a', 'b', '-f', '-g', '-k']);
    const plan = await world.plan('held', plans);
    plans += 1;
    expect(plan).toMatchObject({ staged: 1, protected: 1, reasons: [{ code: 'protected-person' }] });
    expect(await world.approve(plan, 'bo')).toMatchObject({ status: 'done' });
    expect(await world.plan('executed', plans - 1)).toMatchObject({ deactivated: 0, stale: 1 });
    expect(await world.person('k')).toMatchObject({ active: true });
  });

  it('adds up over a day: the change that passes the limit is held', async () => {
    const sum = (await world.plans())
      .filter(({ decidedBy }) => decidedBy === null)
      .reduce((total, { deactivated }) => total + (deactivated ?? 0), 0);
    expect(sum).toBe(4);
    await world.read('badges', [...names('stays', 3), '-stays4', '-stays5']);
    const effect = await world.preview({ kind: 'integration', integration: 'badges', authoritative: true });
    expect(effect).toMatchObject({ becomeInactive: { count: 0 } });
    await world.mark('hr', false);
    await world.refolded();
    const again = await world.preview({ kind: 'integration', integration: 'badges', authoritative: true });
    expect(again).toMatchObject({ becomeInactive: { count: 2 }, guard: { reasons: [{ code: 'too-many-in-a-day' }] } });
    await world.mark('badges', true);
    const plan = await world.plan('held', plans);
    expect(plan).toMatchObject({ staged: 2, reasons: again.guard.reasons });
    expect(await world.collection(peoplePlans).countDocuments({ state: 'held' })).toBe(1);
  });

  it('says every revision once', async () => {
    await waitFor('events of every change', async () => (await ledgerFaults(world.fixture)).length === 0);
  });
});
