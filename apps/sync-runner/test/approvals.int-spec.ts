import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { accounts, credentials, fields, heldPlans, mappings, runs } from '@rollcall/collections';
import {
  approvePlan,
  type KeyHolder,
  launchIntegration,
  pauseIntegration,
  setGuardSettings,
  startRun,
  updateIntegration,
} from '@rollcall/contracts';

import { buildLine, credentialId, RunnerWorld } from './runner-world.js';

/** Makes, launches and runs every integration of a world. */
const maker = 'person-test';
const starter = 'person-starter';
const users = 200;
const lines = Array.from({ length: 40 }, (_, number) =>
  buildLine(number, { account: `integration:gone-${number}`, vendorId: `gone-${number}` }),
);

describe('a held plan', () => {
  let world: RunnerWorld;
  let id: string;
  let made = 0;

  beforeAll(async () => {
    world = await RunnerWorld.create(users);
    await world.startRunner();
    const many = Array.from({ length: 4_000 }, (_, number) => ({ _id: `other:${number}`, app: 'other', active: true }));
    await world.databases.collection(accounts).insertMany(many as never);
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  beforeEach(async () => {
    made += 1;
    id = `approved-${made}`;
    await world.integration(id);
    await passing();
  }, 60_000);

  const passing = async () => {
    const run = await world.start(id);
    await world.map(run);
    expect(await world.ended(run)).toMatchObject({ state: 'completed' });
    return run;
  };
  const held = async (by = starter) => {
    const { run } = await world.send(startRun, id, { integration: id }, by);
    await world.map(run.id, { activeAtStart: users }, lines);
    return (await world.ended(run.id)).heldPlan!;
  };
  const approve = async (plan: string, actor: string, holders: KeyHolder[] = []) => {
    const { hash } = (await world.databases.collection(heldPlans).findOne({ _id: plan }))!;
    const approved = await world.send(approvePlan, plan, { plan, hash: hash!, note: null, holders }, actor);
    // Everybody came back: the run ends, and stands in nobody's way.
    await world.map(approved.run.id);
    await world.ended(approved.run.id);
    return approved;
  };
  const change = (by: string, name: string) =>
    world.send(updateIntegration, id, { id, ifVersion: null, name: `${name} ${id}` }, by);
  const refusal = (what: string) => new RegExp(`approval-needs-another-person: You \\(.*\\) .*${what}`);
  const editMapping = async (by: string) => {
    const collection = world.databases.collection(mappings);
    const newest = (await collection.findOne({ integration: id }, { sort: { version: -1 } }))!;
    const version = newest.version + 1;
    await collection.insertOne({ ...newest, _id: `${id}/${version}`, version, by, createdAt: new Date() });
  };

  it('is not approved by whoever started its run, and says who may', async () => {
    const plan = await held();
    const holders = [
      { name: 'Sam', actors: [starter], mayApprove: true },
      { name: 'Toni', actors: ['person-toni'], mayApprove: true },
    ];
    await expect(approve(plan, starter, holders)).rejects.toThrow(refusal('started run .*may approve it: Toni'));
    expect((await approve(plan, 'person-toni', holders)).plan.state).toBe('approved');
  }, 60_000);

  it('is approved by whoever made the integration once a good run proved what they made', async () => {
    expect((await approve(await held(), maker)).plan.state).toBe('approved');
  }, 60_000);

  it('is approved by nobody who changed a setting since the last good run, not by the first of two either', async () => {
    await change('person-first', 'First');
    await change('person-second', 'Second');
    const plan = await held();
    await expect(approve(plan, 'person-first')).rejects.toThrow(refusal('changed the integration "Second'));
    await expect(approve(plan, 'person-second')).rejects.toThrow(refusal('changed the integration'));
    expect((await approve(plan, 'person-third')).plan.state).toBe('approved');
  }, 60_000);

  it('is not approved by whoever launched the integration since then', async () => {
    await world.send(pauseIntegration, id, { id }, maker);
    await world.send(launchIntegration, id, { id }, 'person-launcher');
    await expect(approve(await held(), 'person-launcher')).rejects.toThrow(refusal('launched the integration'));
  }, 60_000);

  it('is not approved by whoever changed its mapping, or a people field that it maps to', async () => {
    const plan = await held();
    await editMapping('person-mapper');
    const edits = [{ by: 'person-fields', at: new Date(), kind: 'changed' as const }];
    const field = { variable: 'email', label: 'E-mail', type: 'short-text' as const, unique: true, required: true };
    await world.databases
      .collection(fields)
      .updateOne({ _id: 'email' }, { $set: { ...field, builtIn: true, edits } }, { upsert: true });
    await expect(approve(plan, 'person-mapper')).rejects.toThrow(refusal('changed the mapping of'));
    await expect(approve(plan, 'person-fields')).rejects.toThrow(refusal('changed the people field "E-mail"'));
    await world.databases.collection(fields).deleteOne({ _id: 'email' });
  }, 60_000);

  it('is not approved by whoever changed its credential, entered its secrets or answered whose it is', async () => {
    const plan = await held();
    const kinds = { 'person-a': 'made', 'person-b': 'entered-secret', 'person-c': 'changed-own-users' } as const;
    const edits = Object.entries(kinds).map(([by, kind]) => ({ by, at: new Date(), kind }));
    await world.databases.collection(credentials).updateOne({ _id: credentialId }, { $set: { edits } });
    await expect(approve(plan, 'person-a')).rejects.toThrow(refusal('made the credential'));
    await expect(approve(plan, 'person-b')).rejects.toThrow(refusal('entered secrets of the credential'));
    await expect(approve(plan, 'person-c')).rejects.toThrow(refusal('changed the own users of the credential'));
    await world.databases.collection(credentials).updateOne({ _id: credentialId }, { $unset: { edits: '' } });
  }, 60_000);

  it('is not approved with another key of the person who changed something', async () => {
    await change('api-key:1', 'Changed');
    const plan = await held();
    const holders = [
      { name: 'Ada', actors: ['api-key:1', 'api-key:2'], mayApprove: true },
      { name: 'Bo', actors: ['api-key:3'], mayApprove: true },
    ];
    await expect(approve(plan, 'api-key:2', holders)).rejects.toThrow(refusal('may approve it: Bo'));
    expect((await approve(plan, 'api-key:3', holders)).plan.decidedBy).toBe('api-key:3');
  }, 60_000);

  it('counts what was changed before a run that was undone, or that judged nobody', async () => {
    await change('person-early', 'Early');
    const undone = await passing();
    const plan = await held();
    await world.databases
      .collection(runs)
      .updateOne({ _id: undone }, { $set: { undo: { requestedBy: 'x', requestedAt: '2026', sentAt: '2026' } } });
    await expect(approve(plan, 'person-early')).rejects.toThrow(refusal('changed the integration'));
    await world.databases
      .collection(runs)
      .updateOne({ _id: undone }, { $set: { undo: null, 'verdict.decision': 'not-swept' } });
    await expect(approve(plan, 'person-early')).rejects.toThrow(refusal('changed the integration'));
    await world.databases.collection(runs).updateOne({ _id: undone }, { $set: { 'verdict.decision': 'pass' } });
    expect((await approve(plan, 'person-early')).plan.state).toBe('approved');
  }, 60_000);

  it('is approved by whoever is alone once an administrator allows it', async () => {
    const plan = await held(maker);
    await expect(approve(plan, maker)).rejects.toThrow(refusal('PUT /guard-settings {"approvalByEditor": true}'));
    await world.send(setGuardSettings, 'guard', { approvalByEditor: true }, maker);
    try {
      expect((await approve(plan, maker)).plan.state).toBe('approved');
    } finally {
      await world.send(setGuardSettings, 'guard', { approvalByEditor: false }, maker);
    }
  }, 60_000);
});
