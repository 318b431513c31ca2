import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  changes,
  erasedUsers,
  type ErasureDocument,
  erasures,
  type HeldPlanDocument,
  heldPlans,
  integrations,
  type PlanLineDocument,
  planLines,
  undoLines,
  type WorkflowRunDocument,
  workflowRuns,
} from '@rollcall/collections';
import {
  confirmErasure,
  erasePerson,
  holdAccount,
  holdPerson,
  linkAccount,
  mergePeople,
  overridePerson,
  protectPerson,
  type RawUser,
  type ServiceName,
} from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { storedFaults } from './record-ledger.js';

jest.setTimeout(90_000);

describe('a person who is erased', () => {
  let fixture: MappingFixture;
  let acme: RawRecordsDriver;
  let gateway: CommandSender;
  let keys = 0;
  let runs = 0;
  let generation = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    acme = await fixture.integration('acme', { priority: 1 });
    for (const owner of ['workflow', 'sync-runner'] as const) await fixture.environment.databases.ensure(owner);
    await fixture.startMapping();
    gateway = await fixture.sender('gateway');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const { databases } = { databases: () => fixture.environment.databases };
  const options = <Input>(aggregate: string, input: Input) => ({
    aggregate,
    actor: 'operator:ada',
    correlationId: 'test',
    idempotencyKey: `key-${(keys += 1)}`,
    input,
  });
  const user = (id: string, name: string, over: Partial<RawUser> = {}, title = 'Clerk') =>
    buildUser(id, { username: `${name}@example.com`, raw: { email: `${name}@example.com`, name, title }, ...over });
  const gone = { status: 'inactive' as const };
  const read = async (users: RawUser[]) => {
    const run = `run-${(runs += 1)}`;
    generation = await acme.read(run, users);
    return acme.report(run, 'mapped');
  };
  const personOf = async (account: string) => {
    const id = (await fixture.accounts()).find(({ _id }) => _id === account)!.person!;
    return (await fixture.people()).find(({ _id }) => _id === id)!;
  };
  const erase = async (person: string) =>
    (await gateway.send(erasePerson, options(person, { person, reason: 'ticket 1' }))).outcome;
  const erasureOf = (person: string) => databases().collection(erasures).findOne({ _id: person });
  const erasedHere = (person: string) =>
    waitFor('mapping to have erased', async () => {
      const erasure = await erasureOf(person);
      return erasure && !erasure.waitsFor.includes('mapping') ? erasure : null;
    });
  /** Everything that mapping stores, beside what is looked for while other services have not confirmed. */
  const storedTexts = async () => {
    const found: string[] = [];
    const database = databases().database('mapping');
    for (const { name } of await database.listCollections({}, { nameOnly: true }).toArray()) {
      for await (const document of database.collection(name).find()) {
        const { subject: _subject, ...rest } = document as unknown as ErasureDocument;
        found.push(`${name} ${JSON.stringify(rest)}`);
      }
    }
    return found;
  };
  const mentions = async (...canaries: string[]) =>
    (await storedTexts()).filter((text) => canaries.some((canary) => text.includes(canary)));

  it('leaves no value and no id of the vendor behind, and all of what happened when and why', async () => {
    await read([user('vendor-id-canary', 'canary-early', {}, 'Canary-Title'), user('s', 'stays')]);
    await read([user('vendor-id-canary', 'canary-late'), user('s', 'stays')]);
    await read([user('vendor-id-canary', 'canary-late', gone), user('s', 'stays')]);
    await acme.sweep(`run-${runs}`, generation);
    const before = await waitFor('the leaver', async () => {
      const person = await personOf('acme:vendor-id-canary');
      return person.active ? null : person;
    });
    const history = await databases().collection(changes).find({ record: before._id }).sort({ revision: 1 }).toArray();
    expect(await mentions('canary-early', 'canary-late', 'Canary-Title', 'vendor-id-canary')).not.toEqual([]);

    expect(await erase(before._id)).toMatchObject({
      status: 'done',
      result: { id: before._id, state: 'open', by: 'operator:ada', accounts: 1 },
    });
    await erasedHere(before._id);
    await waitFor('the outbox to be said', async () => (await mentions('"acme:vendor-id-canary"')).length === 0);
    expect(await mentions('canary-early', 'canary-late', 'Canary-Title', 'vendor-id-canary')).toEqual([]);

    const after = (await fixture.people()).find(({ _id }) => _id === before._id)!;
    expect(after).toMatchObject({ active: false, values: {}, provenance: {}, revision: before.revision + 1 });
    expect(after.erasedAt).toEqual(expect.any(String));
    expect(after.keys).toBeUndefined();
    const kept = await databases().collection(changes).find({ record: before._id }).sort({ revision: 1 }).toArray();
    expect(kept.map(({ cause, time, event }) => ({ cause, time, event })).slice(0, -1)).toEqual(
      history.map(({ cause, time, event }) => ({ cause, time, event })),
    );
    expect(kept.map(({ changed }) => Object.keys(changed)).slice(0, -1)).toEqual(
      history.map(({ changed }) => Object.keys(changed)),
    );
    expect(kept.at(-1)).toMatchObject({ event: 'person.erased', cause: { kind: 'command', actor: 'operator:ada' } });
    expect(await storedFaults(fixture)).toEqual([]);
    const said = (await fixture.events('people')).filter(({ subject }) => subject === before._id).at(-1)!;
    expect(said).toMatchObject({ type: 'person.erased', data: { record: { values: {} } } });
    const removed = (await fixture.events('saas-users')).filter(({ subject }) => subject === 'acme:vendor-id-canary');
    expect(removed.at(-1)).toMatchObject({ type: 'saas-user.removed', data: { record: { values: {} } } });
  });

  it('stays erased while the vendor lists the user as inactive, and is somebody new once the user is active again', async () => {
    await read([user('back', 'returner', gone), user('s', 'stays')]);
    const { _id: person } = await personOf('acme:back');
    expect(await erase(person)).toMatchObject({ status: 'done' });
    await erasedHere(person);
    const stood = (await fixture.people()).find(({ _id }) => _id === person);
    const report = await read([user('back', 'returner', gone), user('s', 'stays')]);
    expect(report).toMatchObject({ result: 'complete', counts: { read: 2, created: 0, skipped: 1 }, problems: [] });
    const doubtful = await read([user('back', 'returner', { status: 'unknown' }), user('s', 'stays')]);
    expect(doubtful.problems).toMatchObject([{ code: 'erased-user', count: 1 }]);
    expect((await fixture.people()).find(({ _id }) => _id === person)).toEqual(stood);
    await waitFor('nothing of them', async () => (await mentions('returner', 'acme:back')).length === 0);

    await read([user('back', 'returner'), user('s', 'stays')]);
    const anew = await personOf('acme:back');
    expect(anew).toMatchObject({ active: true, values: { email: 'returner@example.com' } });
    expect(anew._id).not.toBe(person);
    expect((await fixture.people()).find(({ _id }) => _id === person)).toEqual(stood);
  });

  it('is erased once: asking again changes nothing, and whatever is asked of them afterwards is refused', async () => {
    await read([user('once', 'once', gone)]);
    const { _id: person } = await personOf('acme:once');
    const first = await erase(person);
    const stood = await erasedHere(person);
    expect(await erase(person)).toMatchObject({
      status: 'done',
      result: { at: (first as { result: { at: string } }).result.at },
    });
    expect(await erasureOf(person)).toEqual(stood);
    expect(await databases().collection(erasedUsers).countDocuments({ person })).toBe(1);

    const erased = (await fixture.accounts()).find((account) => account.person === person)!;
    await read([user('other', 'other')]);
    const { _id: other } = await personOf('acme:other');
    const refused = [
      gateway.send(overridePerson, options(person, { person, set: { job_title: 'Lead' }, clear: [] })),
      gateway.send(holdPerson, options(person, { person, hold: true, active: true, reason: 'x' })),
      gateway.send(protectPerson, options(person, { person, protected: true })),
      gateway.send(mergePeople, options(person, { keep: other, merged: person })),
      gateway.send(linkAccount, options('acme:other', { account: 'acme:other', person })),
      gateway.send(linkAccount, options(erased._id, { account: erased._id, person: other })),
      gateway.send(holdAccount, options(erased._id, { account: erased._id, hold: true, active: true, reason: 'x' })),
    ];
    const codes = (await Promise.all(refused)).map(({ outcome }) => 'error' in outcome && outcome.error.code);
    expect(codes).toEqual([
      ...Array.from({ length: 5 }, () => 'person-erased'),
      'account-not-found',
      'account-not-found',
    ]);
  });

  it('is left alone by an undo of the run that brought them, which names nobody', async () => {
    await read([user('undone', 'undone-canary', gone), user('s', 'stays')]);
    const run = `run-${runs}`;
    const { _id: person } = await personOf('acme:undone');
    await erase(person);
    await erasedHere(person);
    const stood = (await fixture.people()).find(({ _id }) => _id === person);
    const account = (await fixture.accounts()).find((one) => one.person === person)!;
    await acme.undo(run);
    await acme.report(run, 'undone');
    expect((await fixture.people()).find(({ _id }) => _id === person)).toEqual(stood);
    expect((await fixture.accounts()).find(({ _id }) => _id === account._id)).toEqual(account);
    expect(await databases().collection(undoLines).find({ account: account._id }).toArray()).toMatchObject([
      { left: [{ reason: 'gone' }] },
    ]);
    await waitFor('nothing of them', async () => (await mentions('undone-canary', '"acme:undone"')).length === 0);
  });

  it('takes along whoever was merged into them, and waits for a decision about an account that may be theirs', async () => {
    await read([user('kept', 'kept-canary'), user('merged', 'merged-canary')]);
    const [keep, merged] = [await personOf('acme:kept'), await personOf('acme:merged')];
    await gateway.send(mergePeople, options(keep._id, { keep: keep._id, merged: merged._id }));
    const into = await erase(merged._id);
    expect(into).toMatchObject({ status: 'refused', error: { code: 'person-merged' } });
    const leavers = [user('kept', 'kept-canary', gone), user('merged', 'merged-canary', gone)];
    await read(leavers);
    await acme.sweep(`run-${runs}`, generation);
    await waitFor('the leaver', async () => !(await personOf('acme:kept')).active);
    await read([...leavers, user('waiting', 'kept-canary')]);
    const waiting = await erase(keep._id);
    expect(waiting).toMatchObject({ status: 'refused', error: { code: 'person-in-open-work' } });
    expect((waiting as { error: { message: string } }).error.message).toContain('acme:waiting');
    await gateway.send(linkAccount, options('acme:waiting', { account: 'acme:waiting', person: null }));
    await read(leavers);
    expect(await erase(keep._id)).toMatchObject({ status: 'done', result: { accounts: 2 } });
    await erasedHere(keep._id);
    const erased = (await fixture.people()).filter(({ _id }) => [keep._id, merged._id].includes(_id));
    expect(erased.map(({ values, erasedAt }) => [values, erasedAt !== undefined])).toEqual([
      [{}, true],
      [{}, true],
    ]);
    await waitFor('nothing of them', async () => (await mentions('merged-canary')).length === 0);
  });

  it('is done when every service has confirmed, and what was looked for is gone then', async () => {
    await read([user('done', 'donald-canary', gone)]);
    const { _id: person } = await personOf('acme:done');
    await erase(person);
    const open = await erasedHere(person);
    expect(open.subject!.names).toContain('donald-canary@example.com');
    const others: ServiceName[] = ['sync-runner', 'workflow', 'notifier', 'gateway'];
    for (const service of [...others, ...others]) {
      const sender = await fixture.sender(service);
      await sender.send(confirmErasure, options(person, { person }));
    }
    expect(await erasureOf(person)).toMatchObject({ state: 'done', waitsFor: [], doneAt: expect.any(Date) });
    expect(JSON.stringify(await erasureOf(person))).not.toContain('donald-canary');
  });

  it('is not erased while active, or while the vendor lists them without saying that they are inactive', async () => {
    await read([user('active', 'active'), user('s', 'stays')]);
    const { _id: person } = await personOf('acme:active');
    const active = await erase(person);
    expect(active).toMatchObject({ status: 'refused', error: { code: 'person-still-active' } });
    expect((active as { error: { message: string } }).error.message).toContain('"acme"');
    await read([user('s', 'stays')]);
    await acme.sweep(`run-${runs}`, generation);
    await waitFor('the leaver', async () => !(await personOf('acme:active')).active);
    await read([user('s', 'stays')]);
    expect(await erase(person)).toMatchObject({ status: 'done' });

    await read([user('held', 'held'), user('s', 'stays')]);
    const { _id: other } = await personOf('acme:held');
    const hold = { account: 'acme:held', hold: true, active: false, reason: 'leave' };
    await gateway.send(holdAccount, options('acme:held', hold));
    expect(await personOf('acme:held')).toMatchObject({ active: false });
    const listed = await erase(other);
    expect(listed).toMatchObject({ status: 'refused', error: { code: 'person-still-listed' } });
    expect((listed as { error: { message: string } }).error.message).toContain('"acme"');
    await read([user('s', 'stays')]);
    expect(await erase(other)).toMatchObject({ status: 'done' });
  });

  it('is not erased while a plan, a workflow or a run that concerns them is open, and is told which', async () => {
    await read([user('busy', 'busy', gone), user('s', 'stays')]);
    const { _id: person } = await personOf('acme:busy');
    const refusal = async () => {
      const outcome = await erase(person);
      expect(outcome).toMatchObject({ status: 'refused', error: { code: 'person-in-open-work' } });
      return (outcome as { error: { message: string } }).error.message;
    };
    const set = (openRun: string | null) =>
      databases().collection(integrations).updateOne({ _id: 'acme' }, { $set: { openRun } });
    await set('run-open');
    expect(await refusal()).toContain('run run-open of integration "acme"');
    await set(null);
    const plan = { _id: 'plan-1', state: 'open', run: 'run-plan', integrationName: 'Acme' } as HeldPlanDocument;
    await databases().collection(heldPlans).insertOne(plan);
    const line = { _id: 'run-plan/0000000', run: 'run-plan', account: 'acme:busy', number: 0 } as PlanLineDocument;
    await databases().collection(planLines).insertOne(line);
    expect(await refusal()).toContain('held plan plan-1');
    await databases().collection(heldPlans).deleteOne({ _id: 'plan-1' });
    const workflowRun = { _id: 'w', subject: person, state: 'waiting', workflowName: 'Leavers' } as WorkflowRunDocument;
    await databases().collection(workflowRuns).insertOne(workflowRun);
    expect(await refusal()).toContain('workflow "Leavers"');
    await databases().collection(workflowRuns).deleteOne({ _id: 'w' });
    expect(await erase(person)).toMatchObject({ status: 'done' });
  });
});
