import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { names, PeoplePlansWorld } from './people-plans-world.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(120_000);

const crowd = names('stays', 30);
const hr = names('stays', 5);

/** A run makes people inactive by a people plan; the run and the plan can each be undone, in either order. */
describe('an undo of a run from which a people plan followed', () => {
  let world: PeoplePlansWorld;
  let plans = 0;

  beforeAll(async () => {
    world = await PeoplePlansWorld.create();
    await world.read('mail', [...crowd, 'a', 'b']);
    await world.read('hr', hr, {}, true);
  });
  afterAll(() => world.remove());

  const executed = async () => {
    const plan = await world.plan('executed', plans);
    plans += 1;
    return plan;
  };

  it('makes active again whom the plan deactivated, and the undo of the plan finds them so', async () => {
    const run = await world.read('hr', [...hr, '-a']);
    const plan = await executed();
    expect(await world.inactive()).toEqual(['a']);
    expect(await world.undoRun('hr', run)).toMatchObject({ takenBack: 1, conflicts: 0 });
    expect(await world.inactive()).toEqual([]);
    const person = await world.person('a');
    expect(person).toMatchObject({ active: true, deactivated: null });
    expect(person.due).toBeUndefined();
    expect(await world.undo(plan)).toMatchObject({ status: 'done' });
    expect(await world.plan('undone')).toMatchObject({ undo: { reactivated: 0, left: 1 } });
    expect(await world.lines(plan)).toMatchObject([{ state: 'left', reason: 'the person is active again' }]);
    expect(await world.inactive()).toEqual([]);
    expect(await world.plans()).toHaveLength(plans);
  });

  it('leaves active whom an undo of the plan had brought back, and the next run may propose them again', async () => {
    const run = await world.read('hr', [...hr, '-b']);
    const plan = await executed();
    expect(await world.inactive()).toEqual(['b']);
    expect(await world.undo(plan)).toMatchObject({ status: 'done' });
    await world.plan('undone', plans - 1);
    expect(await world.undoRun('hr', run)).toMatchObject({ takenBack: 1 });
    const person = await world.person('b');
    expect(person).toMatchObject({ active: true });
    expect(person.due).toBeUndefined();
    await world.read('hr', [...hr, '-b']);
    expect(await executed()).toMatchObject({ deactivated: 1 });
    expect(await world.inactive()).toEqual(['b']);
  });

  it('does not let the plan bring back people who were never there', async () => {
    const made = await world.read('mail', [...crowd, 'a', 'b', 'new']);
    const brought = await world.read('hr', [...hr, '-b', '-new']);
    const plan = await executed();
    const { _id } = await world.person('new');
    expect(await world.undoRun('mail', made)).toMatchObject({ takenBack: 1 });
    expect(await world.undoRun('hr', brought)).toMatchObject({ takenBack: 1 });
    const personNow = async () => (await world.fixture.people()).find((person) => person._id === _id)!;
    expect(await personNow()).toMatchObject({ active: false, undone: { run: brought } });
    expect(await world.undo(plan)).toMatchObject({ status: 'done' });
    expect(await world.plan('undone', plans - 1)).toMatchObject({ undo: { reactivated: 0, left: 1 } });
    expect(await personNow()).toMatchObject({ active: false, undone: { run: brought } });
    expect((await personNow()).keys).toBeUndefined();
    expect(await ledgerFaults(world.fixture)).toEqual([]);
  });
});
