import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { messagingCollections } from '@rollcall/collections';
import {
  activateWorkflow,
  changeId,
  type CloudEvent,
  createWorkflow,
  deactivateWorkflow,
  deadLettersTopic,
  saasUserCreated,
  updateWorkflow,
  type WorkflowRecord,
  workflowsTopic,
} from '@rollcall/contracts';
import { readTopic, waitFor } from '@rollcall/testing';

import { block, byHand, definitionOf, WorkflowWorld } from './workflow-world.js';

let world: WorkflowWorld;
let creation: WorkflowRecord;
beforeAll(async () => {
  world = await WorkflowWorld.create();
  creation = await world.activate(definitionOf('saas-user.created', 'jumpcloud', block('jumpcloud', 'get-user')));
}, 90_000);
afterAll(() => world.close());

const store = async () => (await world.store('jumpcloud', world.take('jumpcloud'))).account;
const initial = { kind: 'run', run: 'r', integration: 'int', initial: true } as const;

describe('an event', () => {
  it('starts a workflow once, however often it is delivered, also after a restart (C6, P18)', async () => {
    const account = await store();
    const before = await world.countRuns(creation);
    const event = await world.publish('saas-user.created', account, byHand, 3);
    await world.ended(event, creation);
    await world.restart();
    const next = await world.publish('saas-user.created', account, byHand);
    await world.ended(next, creation);
    expect(await world.countRuns(creation)).toBe(before + 2);
  });

  it('of a change that a restored mapping made again starts nothing, whatever its id; another change does', async () => {
    const account = await store();
    const run = { kind: 'run' as const, run: 'r', integration: 'int', initial: false };
    const offset = String(Date.now()).slice(-12).padStart(12, '0');
    const idIn = (epoch: string, number: number, at = offset) => changeId(`p07-${epoch}/${at}`, number);
    const tell = (id: string, cause: typeof run) => world.publish('saas-user.created', account, cause, 1, id);
    const first = await tell(idIn('0mb4c1x9zq3f', 3), run);
    await world.ended(first, creation);
    const again = await tell(idIn('0mb4c1x9zzzz', 2), run);
    const others = [
      await tell(idIn('0mb4c1x9zzzz', 4), { ...run, run: 'another' }),
      await tell(idIn('0mb4c1x9zzzz', 2, '999999999999'), run),
    ];
    // The same record, so the same partition: when these have ended the repetition was passed over.
    for (const other of others) await world.ended(other, creation);
    expect(await world.findRun(again, creation)).toBeNull();
  });

  it('of a run before the first completed one starts nothing, unless the workflow wants it', async () => {
    const account = await store();
    const event = await world.publish('saas-user.created', account, initial);
    // The same record, so the same partition: when this one has ended the first was passed over.
    await world.ended(await world.publish('saas-user.created', account, byHand), creation);
    expect(await world.findRun(event, creation)).toBeNull();
    const { begin, blocks } = creation.definition;
    const eager = await world.activate({ begin: { ...begin, includeInitial: true }, blocks });
    const second = await world.publish('saas-user.created', account, initial);
    await world.ended(second, eager);
    expect(await world.findRun(second, creation)).toBeNull();
  });

  it('of another app starts nothing', async () => {
    const { account } = await world.store('lastpass', world.take('lastpass'));
    const event = await world.publish('saas-user.created', account, byHand);
    const workflow = await world.activate(
      definitionOf('saas-user.created', 'lastpass', block('jumpcloud', 'unlock-user')),
    );
    await world.ended(await world.publish('saas-user.created', account, byHand), workflow);
    expect(await world.findRun(event, creation)).toBeNull();
    // It is also older than the activation.
    expect(await world.findRun(event, workflow)).toBeNull();
  });

  it('starts nothing once the workflow is inactive, and again what runs under the newest version', async () => {
    const account = await store();
    const workflow = await world.activate(creation.definition);
    await world.command(deactivateWorkflow, workflow.id, { id: workflow.id });
    const passed = await world.publish('saas-user.created', account, byHand);
    await world.ended(passed, creation);
    expect(await world.findRun(passed, workflow)).toBeNull();
    const again = await world.command(activateWorkflow, workflow.id, { id: workflow.id });
    const run = await world.ended(await world.publish('saas-user.created', account, byHand), workflow);
    expect(run.workflowVersion).toBe(again.workflow.activeVersion);
  });

  it('that cannot be read goes to the dead letters and stops nobody', async () => {
    const account = await store();
    await world.send(saasUserCreated, account._id, 'no event', 1);
    await world.send(
      saasUserCreated,
      account._id,
      JSON.stringify({ specversion: '1.0', type: 'saas-user.created' }),
      1,
    );
    await world.ended(await world.publish('saas-user.created', account, byHand), creation);
    const parked = await waitFor('two dead letters', async () => {
      const all = (await readTopic(world.environment.kafka, deadLettersTopic)).filter(({ key }) => key === account._id);
      return all.length === 2 && all;
    });
    expect(parked.map(({ headers }) => headers['code'])).toEqual(['not-an-event', 'not-an-event']);
  });

  it('is told on: started and completed, each once and with the run', async () => {
    const event = await world.publish('saas-user.created', await store(), byHand, 2);
    const run = await world.ended(event, creation);
    const told = await waitFor('two events', async () => {
      const all = (await readTopic(world.environment.kafka, workflowsTopic)).filter(({ key }) => key === run._id);
      return all.length === 2 && all;
    });
    const events = told.map(({ value }) => JSON.parse(value) as CloudEvent);
    expect(events.map(({ id, type }) => [id, type])).toEqual([
      [`workflows/${run._id}/started`, 'workflow-run.started'],
      [`workflows/${run._id}/completed`, 'workflow-run.completed'],
    ]);
  });
});

describe('a harmless step', () => {
  it('creates a user from the fields of the person, once although the reply is lost', async () => {
    const { account } = await world.store('lastpass', world.take('lastpass'));
    const email = `new.${account.vendorId}@harbour.example`;
    const workflow = await world.activate(
      definitionOf(
        'saas-user.created',
        'lastpass',
        block('jumpcloud', 'create-user', { email, username: `new${account.vendorId}` }),
      ),
    );
    world.simulator.control.addFaults([
      { vendor: 'jumpcloud', match: { command: 'POST /systemusers' }, fault: { kind: 'reply-lost' } },
    ]);
    const run = await world.ended(await world.publish('saas-user.created', account, byHand), workflow);
    // Without an id nobody can be asked: a person has to look.
    expect(run).toMatchObject({ state: 'failed', steps: [{ state: 'unknown', attempts: 1 }] });
    const created = world.simulator.control
      .ledger()
      .filter((entry) => entry.kind === 'effect' && entry.effect === 'create');
    expect(created).toHaveLength(1);
    await world.command(deactivateWorkflow, workflow.id, { id: workflow.id });
  });

  it('is repeated when the vendor shows that a lost call had no effect', async () => {
    const workflow = await world.activate(
      definitionOf('saas-user.created', 'jumpcloud', block('jumpcloud', 'unlock-user')),
    );
    const { account } = await world.store('jumpcloud', world.take('jumpcloud'));
    world.simulator.control.mutate([
      { op: 'set-field', vendor: 'jumpcloud', id: account.vendorId, field: 'account_locked', value: true },
    ]);
    world.simulator.control.addFaults([
      { vendor: 'jumpcloud', match: { operation: 'action' }, fault: { kind: 'reset' } },
    ]);
    const run = await world.ended(await world.publish('saas-user.created', account, byHand), workflow);
    expect(run).toMatchObject({ state: 'completed', steps: [{ state: 'done', attempts: 2 }] });
    expect(world.effects('jumpcloud', account.vendorId)).toEqual(['unlock']);
  });
});

describe('a definition', () => {
  it('with faults is refused with all of them, at save and at activation (R104)', async () => {
    const faulty = definitionOf('saas-user.created', 'no-app', {
      ...block('jumpcloud', 'delete-user', { userId: '{{jjump_cloud_user_id}' }),
      credential: 'none',
    });
    const input = { id: 'faulty', name: 'Faulty', description: '', definition: faulty };
    const refusal = await world.command(createWorkflow, 'faulty', input).catch((error: unknown) => error);
    const { error } = (refusal as { outcome: { error: { code: string; details: { faults: { code: string }[] } } } })
      .outcome;
    expect(error.code).toBe('workflow-invalid');
    expect(error.details.faults.map(({ code }) => code)).toEqual([
      'app-unknown',
      'credential-unknown',
      'input-invalid',
    ]);
  });

  it('changed after activation runs as it was until it is activated again', async () => {
    const account = await store();
    const workflow = await world.activate(creation.definition);
    const changed = definitionOf('saas-user.created', 'jumpcloud', block('jumpcloud', 'unlock-user'));
    await world.command(updateWorkflow, workflow.id, { id: workflow.id, ifVersion: null, definition: changed });
    const run = await world.ended(await world.publish('saas-user.created', account, byHand), workflow);
    expect(run.steps[0]!.preset).toBe('get-user');
  });

  it('is not overwritten by somebody who saw an older one', async () => {
    const { id, version } = await world.activate(creation.definition);
    const stale = { id, ifVersion: version - 1, name: 'Stale' };
    await expect(world.command(updateWorkflow, id, stale)).rejects.toThrow(/version-conflict/);
    const results = world.environment.databases.collection(messagingCollections('workflow').commandResults);
    expect(await results.countDocuments({ type: 'workflow.update', status: 'refused' })).toBe(1);
  });
});
