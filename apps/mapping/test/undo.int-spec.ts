import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { changes } from '@rollcall/collections';
import { holdAccount, linkAccount, overridePerson, protectAccount, retireIntegration } from '@rollcall/contracts';
import { buildUser, waitFor } from '@rollcall/testing';

import { ledgerFaults } from './record-ledger.js';
import { UndoWorld, user } from './undo-world.js';

jest.setTimeout(120_000);

describe('an undo', () => {
  let world: UndoWorld;

  beforeAll(async () => {
    world = await UndoWorld.create();
  });

  afterAll(() => world.fixture.remove());

  it('gives values back that nobody changed since, names the rest, and people follow', async () => {
    const driver = await world.named('vals');
    await world.read(
      driver,
      'vals-1',
      ['vals-a', 'vals-b', 'vals-c'].map((name) => user(name, 'Clerk')),
    );
    const before = await world.accountOf('vals:vals-a');
    await world.read(
      driver,
      'vals-2',
      ['vals-a', 'vals-b', 'vals-c'].map((name) => user(name, 'Lead')),
    );
    await world.read(driver, 'vals-3', [user('vals-a', 'Lead'), user('vals-b', 'Chief'), user('vals-c', 'Lead')]);
    const { person } = await world.accountOf('vals:vals-c');
    await world.send(overridePerson, person!, { person: person!, set: { job_title: 'By hand' }, clear: [] });

    const foreseen = await world.preview(driver, 'vals-2');
    expect(foreseen).toMatchObject({
      isComplete: true,
      restored: { count: 2, samples: ['vals-a@example.com', 'vals-c@example.com'] },
      left: [{ reason: 'changed-since', count: 1, samples: ['vals-b@example.com'] }],
    });
    expect(await world.accountOf('vals:vals-a')).toMatchObject({ values: { job_title: 'Lead' } });
    expect(await world.undo(driver, 'vals-2')).toMatchObject({ restored: 2, conflicts: 1, skipped: 0, takenBack: 0 });

    expect(await world.accountOf('vals:vals-a')).toMatchObject({ values: before.values, hash: null });
    expect((await world.personById(before.person!)).values['job_title']).toBe('Clerk');
    expect((await world.accountOf('vals:vals-b')).values['job_title']).toBe('Chief');
    expect((await world.accountOf('vals:vals-c')).values['job_title']).toBe('Clerk');
    expect((await world.personById(person!)).values['job_title']).toBe('By hand');
    expect(await world.linesOf('vals-2')).toEqual([
      expect.objectContaining({
        account: 'vals:vals-b',
        name: 'vals-b@example.com',
        state: 'conflict',
        left: [expect.objectContaining({ field: 'values.job_title', by: expect.objectContaining({ run: 'vals-3' }) })],
      }),
    ]);
  });

  it('of a later run makes way for that of the one before it', async () => {
    const driver = await world.named('lifo');
    await world.read(driver, 'lifo-1', [user('lifo-a', 'One')]);
    await world.read(driver, 'lifo-2', [user('lifo-a', 'Two')]);
    await world.read(driver, 'lifo-3', [user('lifo-a', 'Three')]);
    await world.undo(driver, 'lifo-3');
    expect((await world.accountOf('lifo:lifo-a')).values['job_title']).toBe('Two');
    expect(await world.undo(driver, 'lifo-2')).toMatchObject({ restored: 1, conflicts: 0 });
    expect((await world.accountOf('lifo:lifo-a')).values['job_title']).toBe('One');
  });

  it('takes accounts back that the run made, and people with them; the next run makes both anew', async () => {
    const other = await world.named('rest');
    await world.read(other, 'rest-1', [user('both', 'Clerk')]);
    const driver = await world.named('made');
    await world.read(driver, 'made-1', [user('made-old', 'Clerk')]);
    const created = ['both', 'made-new', 'made-held', 'made-edited', 'made-later'].map((name) => user(name, 'Lead'));
    await world.read(driver, 'made-2', [user('made-old', 'Clerk'), ...created]);
    const ownerOf = async (name: string) => (await world.accountOf(`made:${name}`)).person!;
    const [gone, edited, both] = [await ownerOf('made-new'), await ownerOf('made-edited'), await ownerOf('both')];
    await world.send(holdAccount, 'made:made-held', {
      account: 'made:made-held',
      hold: true,
      active: null,
      reason: 'test',
    });
    await world.send(overridePerson, edited, { person: edited, set: { job_title: 'By hand' }, clear: [] });
    await world.read(driver, 'made-3', [
      user('made-old', 'Clerk'),
      ...created.slice(0, 4),
      user('made-later', 'Chief'),
    ]);

    expect(await world.preview(driver, 'made-2')).toMatchObject({
      takenBack: { count: 2 },
      people: { undone: { count: 1, samples: ['made-new'] } },
    });
    expect(await world.undo(driver, 'made-2')).toMatchObject({ takenBack: 2, conflicts: 3, skipped: 0, restored: 0 });
    expect(await world.accountOf('made:made-new')).toMatchObject({
      active: false,
      person: null,
      app: null,
      retired: { run: 'made-2' },
      observedBy: 'command',
    });
    // A page that was asked for before the undo does not bring it back.
    const takenBack = await world.accountOf('made:made-new');
    expect(takenBack.observedAt).toBe(Date.parse(takenBack.retired!.at));
    expect(await world.eventsOf('made:made-new')).toEqual(['saas-user.created', 'saas-user.removed']);
    expect(await world.personById(gone)).toMatchObject({
      active: false,
      undone: { run: 'made-2' },
      values: { display_name: 'made-new' },
    });
    expect((await world.personById(gone)).keys).toBeUndefined();
    expect(await world.personById(both)).toMatchObject({ active: true, values: { job_title: 'Clerk' } });
    expect((await world.linesOf('made-2')).map(({ account, left }) => [account, left[0]!.reason])).toEqual([
      ['made:made-edited', 'person-edited'],
      ['made:made-held', 'changed-since'],
      ['made:made-later', 'changed-since'],
    ]);

    await driver.read('made-4', [user('made-old', 'Clerk'), ...created]);
    expect(await driver.report('made-4', 'mapped')).toMatchObject({ counts: { created: 2, reactivated: 0 } });
    const again = await world.accountOf('made:made-new');
    expect(again).toMatchObject({ active: true, app: 'test-app', deactivated: null });
    expect(again.retired).toBeUndefined();
    expect(again.person).not.toBe(gone);
    expect(await world.personById(again.person!)).toMatchObject({ active: true, keys: ['email:made-new@example.com'] });
    expect(await ownerOf('both')).toBe(both);
    expect(await world.personById(gone)).toMatchObject({ active: false, undone: { run: 'made-2' } });
    expect(await world.eventsOf('made:made-new')).toEqual([
      'saas-user.created',
      'saas-user.removed',
      'saas-user.created',
    ]);

    // What was made again is taken back by an undo of the run that did; a person whom somebody gives an account lives again.
    expect(await world.undo(driver, 'made-4')).toMatchObject({ takenBack: 2 });
    await world.read(driver, 'made-5', [user('made-old', 'Clerk'), ...created]);
    await world.send(linkAccount, 'made:both', { account: 'made:both', person: gone });
    expect(await world.personById(gone)).toMatchObject({ active: true });
    expect((await world.personById(gone)).undone).toBeUndefined();
  });

  it('takes an account from the person whom the run gave it', async () => {
    const driver = await world.named('link');
    const twin = (email: string) => user('link-twin', 'Clerk', { raw: { email, name: 'Twin', title: 'Clerk' } });
    await world.read(driver, 'link-1', [user('link-a', 'Clerk'), twin('link-a@example.com')]);
    const before = await world.accountOf('link:link-twin');
    expect(before).toMatchObject({ person: null, error: { code: 'second-account' } });
    await world.read(driver, 'link-2', [user('link-a', 'Clerk'), twin('link-twin@example.com')]);
    const { person } = await world.accountOf('link:link-twin');
    expect(await world.undo(driver, 'link-2')).toMatchObject({ unlinked: 1, restored: 1, conflicts: 0 });
    expect(await world.accountOf('link:link-twin')).toMatchObject({
      person: null,
      error: before.error,
      values: before.values,
    });
    expect(await world.personById(person!)).toMatchObject({ active: false, undone: { run: 'link-2' } });
  });

  it('makes those inactive again whom the run found again, but for protected and held ones', async () => {
    const driver = await world.named('back');
    const everybody = ['back-a', 'back-held', 'back-safe', 'back-stays'].map((name) => user(name, 'Clerk'));
    await world.read(driver, 'back-1', everybody);
    const g = await world.read(driver, 'back-2', everybody.slice(3));
    await driver.sweep('back-2', g);
    const swept = await world.accountOf('back:back-a');
    await world.read(driver, 'back-3', everybody);
    await world.send(protectAccount, 'back:back-safe', { account: 'back:back-safe', protected: true });
    await world.send(holdAccount, 'back:back-held', {
      account: 'back:back-held',
      hold: true,
      active: null,
      reason: 'test',
    });
    expect(await world.undo(driver, 'back-3')).toMatchObject({ deactivated: 1, skipped: 2, conflicts: 0 });
    expect(await world.accountOf('back:back-a')).toMatchObject({ active: false, deactivated: swept.deactivated });
    expect(await world.personById(swept.person!)).toMatchObject({ active: false });
    expect((await world.linesOf('back-3')).map(({ state, left }) => [state, left[0]!.reason])).toEqual([
      ['skipped', 'held'],
      ['skipped', 'protected'],
    ]);
    // Whom the first run had deactivated come back with it all the same.
    expect(await world.undo(driver, 'back-2')).toMatchObject({ reactivated: 1 });
  });

  it('gives unique values back that went round in a circle, over more lines than one transaction takes', async () => {
    const count = 1300;
    const driver = await world.named('ring');
    const ring = (shift: number) =>
      Array.from({ length: count }, (_, index) => {
        const email = `ring-${(index + shift) % count}@example.com`;
        return buildUser(`ring-${index}`, { raw: { email, name: 'Ring', title: 'Clerk' } });
      });
    await world.read(driver, 'ring-1', ring(0));
    const own = async () => (await world.fixture.accounts()).filter(({ integration }) => integration === 'ring');
    const before = new Map((await own()).map(({ person, values }) => [person, values['email']]));
    await world.read(driver, 'ring-2', ring(1));
    expect(await world.undo(driver, 'ring-2')).toMatchObject({ restored: count, conflicts: 0 });
    expect((await own()).filter(({ error }) => error !== null)).toEqual([]);
    const people = (await world.fixture.people()).filter(({ _id }) => before.has(_id));
    expect(
      people.filter(({ _id, values, keys: held }) => {
        const email = before.get(_id);
        return values['email'] !== email || held?.[0] !== `email:${String(email)}`;
      }),
    ).toEqual([]);
    expect(await world.linesOf('ring-2')).toEqual([]);
  });

  it('leaves people whom only the run gave accounts as they were before it', async () => {
    const first = await world.named('first');
    await world.read(first, 'first-1', [user('heir', 'Clerk')]);
    const { person } = await world.accountOf('first:heir');
    await world.send(retireIntegration, 'first', { integration: 'first', data: 'clean' }, world.runner);
    await waitFor('it to be retired', async () => (await world.accountOf('first:heir')).retired);
    const before = await world.personById(person!);
    const second = await world.named('second');
    await world.read(second, 'second-1', [user('heir', 'Wrong')]);
    expect((await world.personById(person!)).values['job_title']).toBe('Wrong');
    expect(await world.undo(second, 'second-1')).toMatchObject({ takenBack: 1 });
    const { values, provenance, active, keys: held, undone } = await world.personById(person!);
    expect({ values, provenance, active, keys: held, undone }).toEqual({
      values: before.values,
      provenance: before.provenance,
      active: before.active,
      keys: before.keys,
      undone: undefined,
    });
  });

  it('is done once: UNDO said again changes nothing and repeats its report', async () => {
    const driver = await world.named('once');
    await world.read(driver, 'once-1', [user('once-a', 'One')]);
    await world.read(driver, 'once-2', [user('once-a', 'Two')]);
    const first = await world.undo(driver, 'once-2');
    await world.read(driver, 'once-3', [user('once-a', 'Two')]);
    const count = () =>
      world.fixture.environment.databases.collection(changes).countDocuments({ record: 'once:once-a' });
    const before = await count();
    expect(await world.undo(driver, 'once-2')).toEqual(first);
    await world.read(driver, 'once-4', [user('once-a', 'Two')]);
    expect(await count()).toBe(before);
    expect((await world.accountOf('once:once-a')).values['job_title']).toBe('Two');
  });

  it('says every revision once, and the last one is what is stored (I4, I5)', async () => {
    let faults: string[] = [];
    await waitFor(
      'the outbox to be empty',
      async () => {
        faults = await ledgerFaults(world.fixture);
        return faults.length === 0;
      },
      10_000,
    ).catch(() => expect(faults).toEqual([]));
  });
});
