import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Databases, intents, workflowRuns } from '@rollcall/collections';
import { deactivateWorkflow, type WorkflowRecord } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { block, byHand, bySweep, definitionOf, WorkflowWorld } from './workflow-world.js';

let world: WorkflowWorld;
let deletion: WorkflowRecord;
beforeAll(async () => {
  world = await WorkflowWorld.create({ DESTRUCTIVE_PER_HOUR: '500', DESTRUCTIVE_DAILY_PERCENT: '100' });
  deletion = await world.activate(definitionOf('saas-user.deactivated', 'lastpass', block('jumpcloud', 'delete-user')));
}, 90_000);
afterEach(() => world.simulator.control.clearFaults());
afterAll(() => world.close());

/** A run that still sweeps: the step is planned and waits for its end. */
async function planned(workflow = deletion, target: 'jumpcloud' | 'lastpass' = 'jumpcloud') {
  const run = await world.run({ state: 'sweeping', endedAt: null });
  const people = await world.leaver(target, run);
  const event = await world.publish('saas-user.deactivated', people.left, bySweep(run));
  const waiting = await world.waiting(event, workflow, /has ended/);
  const goOn = async () => {
    await world.endRun(run);
    return world.ended(event, workflow);
  };
  return { ...people, run, waiting, goOn };
}

async function atOnce() {
  const { left, target } = await world.leaver('jumpcloud');
  const event = await world.publish('saas-user.deactivated', left, byHand);
  return { target, ended: await world.ended(event, deletion) };
}

describe('a deactivation by a sweep', () => {
  it('deletes the leaver at the other vendor once its run has ended, and tells mapping', async () => {
    const { waiting, target, goOn } = await planned();
    expect(await world.intentOf(waiting)).toMatchObject({ state: 'planned', attempts: [] });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
    const ended = await goOn();
    expect(ended).toMatchObject({ state: 'completed', steps: [{ state: 'done', attempts: 1 }] });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual(['delete']);
    const intent = await world.intentOf(ended);
    expect(intent).toMatchObject({ state: 'done', target: { account: target._id, vendorId: target.vendorId } });
    expect(await world.observations()).toContainEqual(
      expect.objectContaining({ account: target._id, finding: 'gone' }),
    );
  });

  it('destroys nothing when the record is active again before the window is over', async () => {
    const { left, target, goOn } = await planned();
    await world.change(left, { active: true, deactivated: null });
    expect(await goOn()).toMatchObject({ state: 'completed', steps: [{ state: 'skipped', attempts: 0 }] });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
  });

  it('leaves a record to the newer deactivation when there was one meanwhile', async () => {
    const { left, target, goOn } = await planned();
    await world.change(left, { deactivated: { run: 'another run', time: new Date().toISOString() } });
    expect(await goOn()).toMatchObject({ steps: [{ state: 'skipped' }] });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
  });

  it('destroys nothing when its run failed', async () => {
    const run = await world.run({ state: 'failed' });
    const { left, target } = await world.leaver('jumpcloud', run);
    const event = await world.publish('saas-user.deactivated', left, bySweep(run));
    expect(await world.ended(event, deletion)).toMatchObject({ state: 'failed', steps: [{ state: 'refused' }] });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
  });
});

describe('a lost reply (P15)', () => {
  it('leaves exactly one effect, twenty times', async () => {
    const fault = { kind: 'reply-lost' as const };
    world.simulator.control.addFaults([
      { vendor: 'jumpcloud', match: { operation: 'action', times: 'always' }, fault },
    ]);
    for (let repetition = 0; repetition < 20; repetition += 1) {
      const { target, ended } = await atOnce();
      expect(ended).toMatchObject({ state: 'completed', steps: [{ state: 'done', attempts: 1 }] });
      expect(world.effects('jumpcloud', target.vendorId)).toEqual(['delete']);
    }
  }, 60_000);

  it('is called again when the read-back shows that nothing took place', async () => {
    const fault = { kind: 'reset' as const };
    world.simulator.control.addFaults([{ vendor: 'jumpcloud', match: { operation: 'action' }, fault }]);
    const { target, ended } = await atOnce();
    expect(ended).toMatchObject({ state: 'completed', steps: [{ state: 'done', attempts: 2 }] });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual(['delete']);
  });

  it('is unknown, and never called again, when the read-back fails too', async () => {
    world.simulator.control.addFaults([
      { vendor: 'jumpcloud', match: { operation: 'action' }, fault: { kind: 'reset' } },
      { vendor: 'jumpcloud', match: { operation: 'get', nth: 2, times: 'always' }, fault: { kind: 'html' } },
    ]);
    const before = world.actions('jumpcloud');
    const { target, ended } = await atOnce();
    expect(ended).toMatchObject({ state: 'failed', steps: [{ state: 'unknown', attempts: 1 }] });
    expect(world.actions('jumpcloud')).toBe(before + 1);
    expect(world.effects('jumpcloud', target.vendorId)).toEqual([]);
  });
});

describe('a crash between the note of a call and its record', () => {
  /** The state in which a process leaves an intent when it dies in its call. */
  const dieInCall = (run: string) =>
    world.environment.databases.collection(intents).updateOne(
      { workflowRun: run },
      {
        $set: { state: 'attempting' },
        $push: { attempts: { number: 1, startedAt: new Date(), outcome: null, message: null } },
      },
    );

  it('asks first, and calls nobody when the effect is there', async () => {
    const { waiting, target, goOn } = await planned();
    await dieInCall(waiting._id);
    world.simulator.control.mutate([{ op: 'remove-user', vendor: 'jumpcloud', id: target.vendorId }]);
    const before = world.actions('jumpcloud');
    expect(await goOn()).toMatchObject({ state: 'completed', steps: [{ state: 'done', attempts: 1 }] });
    expect(world.actions('jumpcloud')).toBe(before);
  });

  it('asks first, and calls again when the effect is not there', async () => {
    const { waiting, target, goOn } = await planned();
    await dieInCall(waiting._id);
    expect(await goOn()).toMatchObject({ state: 'completed', steps: [{ state: 'done', attempts: 2 }] });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual(['delete']);
  });
});

describe('a vendor that asks for a pause', () => {
  it('is called again after it, once', async () => {
    const fault = { kind: 'rate-limit' as const, retryAfter: 1 };
    world.simulator.control.addFaults([{ vendor: 'jumpcloud', match: { operation: 'action' }, fault }]);
    const { target, ended } = await atOnce();
    expect(ended).toMatchObject({ state: 'completed', steps: [{ state: 'done', attempts: 2 }] });
    expect(world.effects('jumpcloud', target.vendorId)).toEqual(['delete']);
  });
});

describe('several blocks', () => {
  const expire = { ...block('jumpcloud', 'expire-system-password'), id: 'expire' };

  it('run in their order, each with an intent of its own', async () => {
    const remove = { ...block('jumpcloud', 'delete-user'), id: 'remove' };
    const workflow = await world.activate(definitionOf('person.deactivated', null, expire, remove));
    const { account, person } = await world.store('jumpcloud', world.take('jumpcloud'));
    const ended = await world.ended(await world.publishPerson(person, byHand), workflow);
    expect(ended.steps.map(({ id, state }) => [id, state])).toEqual([
      ['expire', 'done'],
      ['remove', 'done'],
    ]);
    expect(world.effects('jumpcloud', account.vendorId)).toEqual(['expire', 'delete']);
    await world.command(deactivateWorkflow, workflow.id, { id: workflow.id });
  });

  it('stop at the one that is refused', async () => {
    const nobody = {
      ...block('lastpass', 'delete-user', { username: '{{accounts.lastpass.username}}' }),
      id: 'nobody',
    };
    const workflow = await world.activate(definitionOf('person.deactivated', null, nobody, expire));
    const { account, person } = await world.store('jumpcloud', world.take('jumpcloud'));
    const ended = await world.ended(await world.publishPerson(person, byHand), workflow);
    expect(ended).toMatchObject({ state: 'failed', steps: [{ state: 'refused' }, { state: 'skipped' }] });
    expect(world.effects('jumpcloud', account.vendorId)).toEqual([]);
    await world.command(deactivateWorkflow, workflow.id, { id: workflow.id });
  });
});

describe('a run whose holder died', () => {
  it('is taken over when the lease is over, and not before', async () => {
    const { waiting, target, goOn } = await planned();
    const until = new Date(Date.now() + 2_000);
    await world.environment.databases
      .collection(workflowRuns)
      .updateOne({ _id: waiting._id }, { $set: { lease: { holder: 'dead', until } } });
    const ended = await goOn();
    expect(Date.parse(ended.endedAt!)).toBeGreaterThanOrEqual(until.getTime());
    expect(world.effects('jumpcloud', target.vendorId)).toEqual(['delete']);
  });

  it('goes on within seconds when its holder was killed in the middle of a transaction (I12)', async () => {
    const { waiting, target, goOn } = await planned();
    const { namespace } = world.environment;
    const killed = await Databases.connect({ uri: process.env['MONGODB_URI']!, namespace, appName: 'workflow' });
    try {
      const session = killed.client.startSession();
      // Who holds the run may be writing it at this moment.
      await waitFor('a transaction that locks the run', async () => {
        if (session.inTransaction()) await session.abortTransaction();
        session.startTransaction();
        return killed.collection(workflowRuns).updateOne({ _id: waiting._id }, { $set: { dueAt: null } }, { session });
      });
      expect(await goOn()).toMatchObject({ state: 'completed', steps: [{ state: 'done', attempts: 1 }] });
      expect(world.effects('jumpcloud', target.vendorId)).toEqual(['delete']);
    } finally {
      await killed.close();
    }
  }, 60_000);
});

describe('a vendor that acts by name', () => {
  it('deactivates by person, with the name of the one account in its app', async () => {
    const inputs = { username: '{{accounts.lastpass.username}}' };
    const workflow = await world.activate(
      definitionOf('person.deactivated', null, block('lastpass', 'deactivate-user', inputs)),
    );
    const { account, person } = await world.store('lastpass', world.take('lastpass'));
    const event = await world.publishPerson(person, byHand);
    expect(await world.ended(event, workflow)).toMatchObject({ state: 'completed', steps: [{ state: 'done' }] });
    expect(world.effects('lastpass', account.vendorId)).toEqual(['disable']);
    expect(await world.observations()).toContainEqual(
      expect.objectContaining({ account: account._id, finding: 'inactive' }),
    );
  });

  describe('between plan and call (P16)', () => {
    let workflow: WorkflowRecord;
    beforeAll(async () => {
      const inputs = { username: '{{accounts.lastpass.username}}' };
      workflow = await world.activate(
        definitionOf('saas-user.deactivated', 'jumpcloud', block('lastpass', 'delete-user', inputs)),
      );
    });

    it('refuses a user who was renamed', async () => {
      const { target, goOn } = await planned(workflow, 'lastpass');
      const newEmail = `renamed-${target.username}`;
      world.simulator.control.mutate([{ op: 'rename-email', vendor: 'lastpass', id: target.vendorId, newEmail }]);
      expect(await goOn()).toMatchObject({ state: 'failed', steps: [{ state: 'refused', attempts: 0 }] });
      expect(world.effects('lastpass', target.vendorId)).toEqual([]);
    });

    it('leaves somebody alone who was invited again under the same name', async () => {
      const { target, goOn } = await planned(workflow, 'lastpass');
      const email = target.username!;
      world.simulator.control.mutate([
        { op: 'remove-user', vendor: 'lastpass', id: target.vendorId },
        { op: 'add-user', vendor: 'lastpass', email },
      ]);
      const before = world.actions('lastpass');
      expect(await goOn()).toMatchObject({ state: 'failed', steps: [{ state: 'refused' }] });
      expect(world.actions('lastpass')).toBe(before);
    });

    it('refuses both of two users who swapped their names', async () => {
      const { target, goOn } = await planned(workflow, 'lastpass');
      const otherId = world.take('lastpass').id;
      world.simulator.control.mutate([{ op: 'swap-emails', vendor: 'lastpass', id: target.vendorId, otherId }]);
      expect(await goOn()).toMatchObject({ steps: [{ state: 'refused' }] });
      expect([...world.effects('lastpass', target.vendorId), ...world.effects('lastpass', otherId)]).toEqual([]);
    });
  });
});
