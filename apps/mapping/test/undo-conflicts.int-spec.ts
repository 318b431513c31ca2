import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ChangeDocument, changes, plans, runs, undos } from '@rollcall/collections';
import { linkAccount, mergePeople, overridePerson, previewUndo } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { ledgerFaults } from './record-ledger.js';
import { UndoWorld, user } from './undo-world.js';

jest.setTimeout(120_000);

/** What somebody decided between a run and its undo stays, and is listed. */
describe('an undo of a run after which', () => {
  let world: UndoWorld;

  beforeAll(async () => {
    world = await UndoWorld.create();
  });

  afterAll(() => world.fixture.remove());

  const command = expect.objectContaining({ kind: 'command', actor: 'ada' });
  const changesOf = (record: string): Promise<ChangeDocument[]> =>
    world.fixture.environment.databases.collection(changes).find({ record }).sort({ revision: 1 }).toArray();

  it('its people were merged: their accounts stay with whoever they are now, and values come back', async () => {
    const driver = await world.named('merge');
    await world.read(driver, 'merge-1', [user('merge-old', 'Clerk'), user('merge-keep', 'Clerk')]);
    const users = ['merge-old', 'merge-keep', 'merge-new'].map((name) => user(name, 'Lead'));
    await world.read(driver, 'merge-2', users);
    const [old, keep, made] = await Promise.all(
      users.map(async ({ id }) => (await world.accountOf(`merge:${id}`)).person!),
    );
    for (const merged of [old!, made!]) await world.send(mergePeople, keep!, { keep: keep!, merged });

    expect(await world.preview(driver, 'merge-2')).toMatchObject({
      restored: { count: 2 },
      takenBack: { count: 0 },
      left: [{ reason: 'changed-since', count: 1, samples: ['merge-new@example.com'] }],
    });
    expect(await world.undo(driver, 'merge-2')).toMatchObject({ restored: 2, takenBack: 0, unlinked: 0, conflicts: 1 });
    for (const { id } of users)
      expect(await world.accountOf(`merge:${id}`)).toMatchObject({ active: true, person: keep });
    expect((await world.accountOf('merge:merge-old')).values['job_title']).toBe('Clerk');
    expect(await world.personById(old!)).toMatchObject({ mergedInto: keep, active: false });
    expect(await world.personById(made!)).toMatchObject({ mergedInto: keep, active: false });
    expect((await world.personById(made!)).undone).toBeUndefined();
    expect(await world.linesOf('merge-2')).toMatchObject([
      { account: 'merge:merge-new', person: keep, state: 'conflict', left: [{ field: 'person', by: command }] },
    ]);
  });

  it('somebody gave an account to somebody else: it stays there, does not wait again, and its values come back', async () => {
    const driver = await world.named('given');
    const twin = (email: string, title: string) => user('given-twin', title, { raw: { email, name: 'Twin', title } });
    await world.read(driver, 'given-1', [user('given-a', 'Clerk'), twin('given-a@example.com', 'Clerk')]);
    expect(await world.accountOf('given:given-twin')).toMatchObject({
      person: null,
      error: { code: 'second-account' },
    });
    await world.read(driver, 'given-2', [user('given-a', 'Clerk'), twin('given-twin@example.com', 'Lead')]);
    const { person: made } = await world.accountOf('given:given-twin');
    const { person: owner } = await world.accountOf('given:given-a');
    // Somebody else's account, so that the person whom the run made is not left empty by the decision.
    const other = await world.named('other');
    await world.read(other, 'other-1', [user('given-twin', 'Clerk')]);
    await world.send(linkAccount, 'given:given-twin', { account: 'given:given-twin', person: owner });

    expect(await world.undo(driver, 'given-2')).toMatchObject({ restored: 1, unlinked: 0, conflicts: 1 });
    expect(await world.accountOf('given:given-twin')).toMatchObject({
      person: owner,
      error: null,
      values: { job_title: 'Clerk', email: 'given-a@example.com' },
    });
    const [line] = await world.linesOf('given-2');
    expect(line!.left).toContainEqual(
      expect.objectContaining({ field: 'person', reason: 'changed-since', by: command }),
    );
    expect(await world.personById(made!)).toMatchObject({ active: true });
    expect((await world.personById(made!)).undone).toBeUndefined();
  });

  it('an account that it had linked was split off: the new person keeps it, and the old one is as before', async () => {
    const people = await world.named('base');
    await world.read(people, 'base-1', [user('split', 'Clerk')]);
    const { person } = await world.accountOf('base:split');
    const driver = await world.named('split');
    await world.read(driver, 'split-1', [user('split', 'Lead')]);
    expect(await world.accountOf('split:split')).toMatchObject({ person });
    await world.send(linkAccount, 'split:split', { account: 'split:split', person: null });
    const { person: apart } = await world.accountOf('split:split');
    expect(await world.undo(driver, 'split-1')).toMatchObject({ takenBack: 0, conflicts: 1 });
    expect(await world.accountOf('split:split')).toMatchObject({ person: apart, active: true });
    expect(await world.personById(apart!)).toMatchObject({ active: true });
    expect(await world.personById(person!)).toMatchObject({ active: true, values: { job_title: 'Clerk' } });
  });

  it('a second run changed some fields of an account: those stay with its cause, the others come back', async () => {
    const driver = await world.named('both');
    const named = (name: string, title: string) => [
      user('both-a', title, { raw: { email: 'both-a@example.com', name, title } }),
    ];
    await world.read(driver, 'both-1', named('Ada', 'Clerk'));
    await world.read(driver, 'both-2', named('Wrong', 'Wrong'));
    await world.read(driver, 'both-3', named('Wrong', 'Chief'));
    expect(await world.undo(driver, 'both-2')).toMatchObject({ restored: 1, conflicts: 1 });
    const account = await world.accountOf('both:both-a');
    expect(account.values).toMatchObject({ display_name: 'Ada', job_title: 'Chief' });
    expect((await world.personById(account.person!)).values).toMatchObject({ display_name: 'Ada', job_title: 'Chief' });
    const [line] = await world.linesOf('both-2');
    expect(line!.left.map(({ field, by }) => [field, by])).toEqual([
      ['values.job_title', expect.objectContaining({ kind: 'run', run: 'both-3' })],
    ]);
    // The next run brings the vendor's values again, because they were not forgotten to differ.
    await world.read(driver, 'both-4', named('Wrong', 'Chief'));
    expect((await world.accountOf('both:both-a')).values).toMatchObject({ display_name: 'Wrong', job_title: 'Chief' });
  });

  it('another makes the accounts anew: of two that share a value of somebody both wait, as if they were new', async () => {
    const named = (id: string, email: string) => user(id, 'Clerk', { raw: { email, name: 'Twin', title: 'Clerk' } });
    const people = await world.named('owner');
    await world.read(people, 'owner-1', [named('owner', 'shared@example.com')]);
    const driver = await world.named('anew');
    await world.read(driver, 'anew-1', [named('anew-a', 'anew-a@example.com')]);
    expect(await world.undo(driver, 'anew-1')).toMatchObject({ takenBack: 1 });
    await world.read(
      driver,
      'anew-2',
      ['anew-a', 'anew-b'].map((id) => named(id, 'shared@example.com')),
    );
    for (const id of ['anew:anew-a', 'anew:anew-b']) {
      expect(await world.accountOf(id)).toMatchObject({ person: null, error: { code: 'shared-key' } });
    }
  });

  it('an earlier version of the software undid it: its report is said again, and nothing is taken back', async () => {
    const driver = await world.named('earlier');
    await world.read(driver, 'earlier-1', [user('earlier-a', 'Clerk')]);
    const g = await world.read(driver, 'earlier-2', [user('earlier-a', 'Lead')]);
    const { databases } = world.fixture.environment;
    const report = { kind: 'undone', run: 'earlier-2', integration: 'earlier', generation: g, reactivated: 3, left: 1 };
    await databases
      .collection(plans)
      .updateOne({ _id: 'earlier-2' }, { $set: { undone: report as never } }, { upsert: true });
    expect(await world.undo(driver, 'earlier-2')).toMatchObject({ reactivated: 3 });
    expect((await world.accountOf('earlier:earlier-a')).values['job_title']).toBe('Lead');
    expect((await changesOf('earlier:earlier-a')).map(({ cause }) => cause.kind)).not.toContain('undo');
    expect(await databases.collection(undos).findOne({ _id: 'earlier-2' })).toBeNull();
  });

  it('somebody asks what it would do: nothing is written, and what cannot be undone is refused with the reason', async () => {
    const driver = await world.named('asked');
    await world.read(driver, 'asked-1', [user('asked-a', 'Clerk')]);
    await world.read(driver, 'asked-2', [user('asked-a', 'Lead'), user('asked-new', 'Clerk')]);
    const { person } = await world.accountOf('asked:asked-a');
    await world.send(overridePerson, person!, { person: person!, set: { job_title: 'By hand' }, clear: [] });
    const stored = async () => [
      await world.fixture.accounts(),
      await world.fixture.people(),
      await world.linesOf('asked-2'),
    ];
    const before = await stored();
    expect(await world.preview(driver, 'asked-2')).toMatchObject({
      isComplete: true,
      accounts: 2,
      restored: { count: 1 },
      takenBack: { count: 1, samples: ['asked-new@example.com'] },
      people: { undone: { count: 1 } },
      left: [],
      afterwards: expect.stringContaining('Correct the mapping'),
    });
    expect(await stored()).toEqual(before);
    const refused = async (run: string) => {
      const outcome = await world.outcome(previewUndo, run, { run });
      return 'error' in outcome ? outcome.error.code : outcome.status;
    };
    expect(await refused('never-was')).toBe('run-not-found');
    await driver.runs.set('asked-2', { state: 'sweeping' });
    expect(await refused('asked-2')).toBe('run-not-ended');
    await driver.runs.set('asked-2', { state: 'completed', scope: 'preview' });
    expect(await refused('asked-2')).toBe('run-changed-nothing');
    await driver.runs.set('asked-2', { scope: 'full' });
    await world.undo(driver, 'asked-2');
    expect(await refused('asked-2')).toBe('run-already-undone');
    expect(await world.fixture.environment.databases.collection(runs).countDocuments({ _id: 'never-was' })).toBe(0);
  });

  it('whatever it does, says every revision once', async () => {
    await waitFor('the events of the commands', async () => (await ledgerFaults(world.fixture)).length === 0);
  });
});
