import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { changes, type UndoLineDocument, undoLines } from '@rollcall/collections';
import {
  type CommandDefinition,
  holdAccount,
  linkAccount,
  overridePerson,
  previewUndo,
  protectAccount,
  type RawUser,
  retireIntegration,
  type RunReportOf,
  type UndoPreview,
} from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(120_000);

describe('an undo', () => {
  let fixture: MappingFixture;
  let gateway: CommandSender;
  let runner: CommandSender;
  let keys = 0;
  let partition = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
    gateway = await fixture.sender('gateway');
    runner = await fixture.sender('sync-runner');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const user = (name: string, title: string, overrides: Partial<RawUser> = {}) =>
    buildUser(name, { raw: { email: `${name}@example.com`, name, title }, ...overrides });
  const named = (name: string) => fixture.integration(name, { partition: (partition += 1) });

  async function read(driver: RawRecordsDriver, run: string, users: RawUser[]): Promise<number> {
    const g = await driver.read(run, users);
    await driver.report(run, 'mapped');
    return g;
  }
  async function send(command: CommandDefinition, aggregate: string, input: object, sender = gateway) {
    const options = { aggregate, actor: 'ada', correlationId: 'test', idempotencyKey: `key-${(keys += 1)}`, input };
    const { outcome } = await sender.send(command, options);
    expect(outcome).toMatchObject({ status: 'done' });
    return (outcome as { result: unknown }).result;
  }
  async function undo(driver: RawRecordsDriver, run: string): Promise<RunReportOf<'undone'>> {
    await driver.undo(run);
    return driver.report(run, 'undone');
  }
  async function preview(driver: RawRecordsDriver, run: string): Promise<UndoPreview> {
    await driver.runs.set(run, { state: 'completed' });
    return (await send(previewUndo, run, { run })) as UndoPreview;
  }
  const accountOf = async (id: string) => (await fixture.accounts()).find(({ _id }) => _id === id)!;
  const personById = async (id: string) => (await fixture.people()).find(({ _id }) => _id === id)!;
  const linesOf = (run: string): Promise<UndoLineDocument[]> =>
    fixture.environment.databases.collection(undoLines).find({ run }).sort({ _id: 1 }).toArray();
  const eventsOf = async (id: string) =>
    (await fixture.events('saas-users')).filter(({ subject }) => subject === id).map(({ type }) => type);

  it('gives values back that nobody changed since, names the rest, and people follow', async () => {
    const driver = await named('vals');
    await read(
      driver,
      'vals-1',
      ['vals-a', 'vals-b', 'vals-c'].map((name) => user(name, 'Clerk')),
    );
    const before = await accountOf('vals:vals-a');
    await read(
      driver,
      'vals-2',
      ['vals-a', 'vals-b', 'vals-c'].map((name) => user(name, 'Lead')),
    );
    await read(driver, 'vals-3', [user('vals-a', 'Lead'), user('vals-b', 'Chief'), user('vals-c', 'Lead')]);
    const { person } = await accountOf('vals:vals-c');
    await send(overridePerson, person!, { person, set: { job_title: 'By hand' }, clear: [] });

    const foreseen = await preview(driver, 'vals-2');
    expect(foreseen).toMatchObject({
      isComplete: true,
      restored: { count: 2, samples: ['vals-a@example.com', 'vals-c@example.com'] },
      left: [{ reason: 'changed-since', count: 1, samples: ['vals-b@example.com'] }],
    });
    expect(await accountOf('vals:vals-a')).toMatchObject({ values: { job_title: 'Lead' } });
    expect(await undo(driver, 'vals-2')).toMatchObject({ restored: 2, conflicts: 1, skipped: 0, takenBack: 0 });

    expect(await accountOf('vals:vals-a')).toMatchObject({ values: before.values, hash: null });
    expect((await personById(before.person!)).values['job_title']).toBe('Clerk');
    expect((await accountOf('vals:vals-b')).values['job_title']).toBe('Chief');
    expect((await accountOf('vals:vals-c')).values['job_title']).toBe('Clerk');
    expect((await personById(person!)).values['job_title']).toBe('By hand');
    expect(await linesOf('vals-2')).toEqual([
      expect.objectContaining({
        account: 'vals:vals-b',
        name: 'vals-b@example.com',
        state: 'conflict',
        left: [expect.objectContaining({ field: 'values.job_title', by: expect.objectContaining({ run: 'vals-3' }) })],
      }),
    ]);
  });

  it('of a later run makes way for that of the one before it', async () => {
    const driver = await named('lifo');
    await read(driver, 'lifo-1', [user('lifo-a', 'One')]);
    await read(driver, 'lifo-2', [user('lifo-a', 'Two')]);
    await read(driver, 'lifo-3', [user('lifo-a', 'Three')]);
    await undo(driver, 'lifo-3');
    expect((await accountOf('lifo:lifo-a')).values['job_title']).toBe('Two');
    expect(await undo(driver, 'lifo-2')).toMatchObject({ restored: 1, conflicts: 0 });
    expect((await accountOf('lifo:lifo-a')).values['job_title']).toBe('One');
  });

  it('takes accounts back that the run made, and people with them; the next run makes both anew', async () => {
    const other = await named('rest');
    await read(other, 'rest-1', [user('both', 'Clerk')]);
    const driver = await named('made');
    await read(driver, 'made-1', [user('made-old', 'Clerk')]);
    const created = ['both', 'made-new', 'made-held', 'made-edited', 'made-later'].map((name) => user(name, 'Lead'));
    await read(driver, 'made-2', [user('made-old', 'Clerk'), ...created]);
    const ownerOf = async (name: string) => (await accountOf(`made:${name}`)).person!;
    const [gone, edited, both] = [await ownerOf('made-new'), await ownerOf('made-edited'), await ownerOf('both')];
    await send(holdAccount, 'made:made-held', { account: 'made:made-held', hold: true, active: null, reason: 'test' });
    await send(overridePerson, edited, { person: edited, set: { job_title: 'By hand' }, clear: [] });
    await read(driver, 'made-3', [user('made-old', 'Clerk'), ...created.slice(0, 4), user('made-later', 'Chief')]);

    expect(await preview(driver, 'made-2')).toMatchObject({
      takenBack: { count: 2 },
      people: { undone: { count: 1, samples: ['made-new'] } },
    });
    expect(await undo(driver, 'made-2')).toMatchObject({ takenBack: 2, conflicts: 3, skipped: 0, restored: 0 });
    expect(await accountOf('made:made-new')).toMatchObject({
      active: false,
      person: null,
      app: null,
      retired: { run: 'made-2' },
    });
    expect(await eventsOf('made:made-new')).toEqual(['saas-user.created', 'saas-user.removed']);
    expect(await personById(gone)).toMatchObject({
      active: false,
      undone: { run: 'made-2' },
      values: { display_name: 'made-new' },
    });
    expect((await personById(gone)).keys).toBeUndefined();
    expect(await personById(both)).toMatchObject({ active: true, values: { job_title: 'Clerk' } });
    expect((await linesOf('made-2')).map(({ account, left }) => [account, left[0]!.reason])).toEqual([
      ['made:made-edited', 'person-edited'],
      ['made:made-held', 'changed-since'],
      ['made:made-later', 'changed-since'],
    ]);

    await driver.read('made-4', [user('made-old', 'Clerk'), ...created]);
    expect(await driver.report('made-4', 'mapped')).toMatchObject({ counts: { created: 2, reactivated: 0 } });
    const again = await accountOf('made:made-new');
    expect(again).toMatchObject({ active: true, app: 'test-app', deactivated: null });
    expect(again.retired).toBeUndefined();
    expect(again.person).not.toBe(gone);
    expect(await personById(again.person!)).toMatchObject({ active: true, keys: ['email:made-new@example.com'] });
    expect(await ownerOf('both')).toBe(both);
    expect(await personById(gone)).toMatchObject({ active: false, undone: { run: 'made-2' } });
    expect(await eventsOf('made:made-new')).toEqual(['saas-user.created', 'saas-user.removed', 'saas-user.created']);

    // What was made again is taken back by an undo of the run that did; a person whom somebody gives an account lives again.
    expect(await undo(driver, 'made-4')).toMatchObject({ takenBack: 2 });
    await read(driver, 'made-5', [user('made-old', 'Clerk'), ...created]);
    await send(linkAccount, 'made:both', { account: 'made:both', person: gone });
    expect(await personById(gone)).toMatchObject({ active: true });
    expect((await personById(gone)).undone).toBeUndefined();
  });

  it('takes an account from the person whom the run gave it', async () => {
    const driver = await named('link');
    const twin = (email: string) => user('link-twin', 'Clerk', { raw: { email, name: 'Twin', title: 'Clerk' } });
    await read(driver, 'link-1', [user('link-a', 'Clerk'), twin('link-a@example.com')]);
    const before = await accountOf('link:link-twin');
    expect(before).toMatchObject({ person: null, error: { code: 'second-account' } });
    await read(driver, 'link-2', [user('link-a', 'Clerk'), twin('link-twin@example.com')]);
    const { person } = await accountOf('link:link-twin');
    expect(await undo(driver, 'link-2')).toMatchObject({ unlinked: 1, restored: 1, conflicts: 0 });
    expect(await accountOf('link:link-twin')).toMatchObject({
      person: null,
      error: before.error,
      values: before.values,
    });
    expect(await personById(person!)).toMatchObject({ active: false, undone: { run: 'link-2' } });
  });

  it('makes those inactive again whom the run found again, but for protected and held ones', async () => {
    const driver = await named('back');
    const everybody = ['back-a', 'back-held', 'back-safe', 'back-stays'].map((name) => user(name, 'Clerk'));
    await read(driver, 'back-1', everybody);
    const g = await read(driver, 'back-2', everybody.slice(3));
    await driver.sweep('back-2', g);
    const swept = await accountOf('back:back-a');
    await read(driver, 'back-3', everybody);
    await send(protectAccount, 'back:back-safe', { account: 'back:back-safe', protected: true });
    await send(holdAccount, 'back:back-held', { account: 'back:back-held', hold: true, active: null, reason: 'test' });
    expect(await undo(driver, 'back-3')).toMatchObject({ deactivated: 1, skipped: 2, conflicts: 0 });
    expect(await accountOf('back:back-a')).toMatchObject({ active: false, deactivated: swept.deactivated });
    expect(await personById(swept.person!)).toMatchObject({ active: false });
    expect((await linesOf('back-3')).map(({ state, left }) => [state, left[0]!.reason])).toEqual([
      ['skipped', 'held'],
      ['skipped', 'protected'],
    ]);
    // Whom the first run had deactivated come back with it all the same.
    expect(await undo(driver, 'back-2')).toMatchObject({ reactivated: 1 });
  });

  it('gives unique values back that went round in a circle, over more lines than one transaction takes', async () => {
    const count = 1300;
    const driver = await named('ring');
    const ring = (shift: number) =>
      Array.from({ length: count }, (_, index) => {
        const email = `ring-${(index + shift) % count}@example.com`;
        return buildUser(`ring-${index}`, { raw: { email, name: 'Ring', title: 'Clerk' } });
      });
    await read(driver, 'ring-1', ring(0));
    const own = async () => (await fixture.accounts()).filter(({ integration }) => integration === 'ring');
    const before = new Map((await own()).map(({ person, values }) => [person, values['email']]));
    await read(driver, 'ring-2', ring(1));
    expect(await undo(driver, 'ring-2')).toMatchObject({ restored: count, conflicts: 0 });
    expect((await own()).filter(({ error }) => error !== null)).toEqual([]);
    const people = (await fixture.people()).filter(({ _id }) => before.has(_id));
    expect(
      people.filter(({ _id, values, keys: held }) => {
        const email = before.get(_id);
        return values['email'] !== email || held?.[0] !== `email:${String(email)}`;
      }),
    ).toEqual([]);
    expect(await linesOf('ring-2')).toEqual([]);
  });

  it('leaves people whom only the run gave accounts as they were before it', async () => {
    const first = await named('first');
    await read(first, 'first-1', [user('heir', 'Clerk')]);
    const { person } = await accountOf('first:heir');
    await send(retireIntegration, 'first', { integration: 'first', data: 'clean' }, runner);
    await waitFor('it to be retired', async () => (await accountOf('first:heir')).retired);
    const before = await personById(person!);
    const second = await named('second');
    await read(second, 'second-1', [user('heir', 'Wrong')]);
    expect((await personById(person!)).values['job_title']).toBe('Wrong');
    expect(await undo(second, 'second-1')).toMatchObject({ takenBack: 1 });
    const { values, provenance, active, keys: held, undone } = await personById(person!);
    expect({ values, provenance, active, keys: held, undone }).toEqual({
      values: before.values,
      provenance: before.provenance,
      active: before.active,
      keys: before.keys,
      undone: undefined,
    });
  });

  it('is done once: UNDO said again changes nothing and repeats its report', async () => {
    const driver = await named('once');
    await read(driver, 'once-1', [user('once-a', 'One')]);
    await read(driver, 'once-2', [user('once-a', 'Two')]);
    const first = await undo(driver, 'once-2');
    await read(driver, 'once-3', [user('once-a', 'Two')]);
    const count = () => fixture.environment.databases.collection(changes).countDocuments({ record: 'once:once-a' });
    const before = await count();
    expect(await undo(driver, 'once-2')).toEqual(first);
    await read(driver, 'once-4', [user('once-a', 'Two')]);
    expect(await count()).toBe(before);
    expect((await accountOf('once:once-a')).values['job_title']).toBe('Two');
  });

  it('says every revision once, and the last one is what is stored (I4, I5)', async () => {
    let faults: string[] = [];
    await waitFor(
      'the outbox to be empty',
      async () => {
        faults = await ledgerFaults(fixture);
        return faults.length === 0;
      },
      10_000,
    ).catch(() => expect(faults).toEqual([]));
  });
});
