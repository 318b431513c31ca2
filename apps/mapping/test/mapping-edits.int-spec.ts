import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fields, indexedField, mappings, people } from '@rollcall/collections';
import {
  createField,
  evaluateMapping,
  type MappingDefinition,
  type MappingEntry,
  type PeopleField,
  updateField,
  updateMapping,
} from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildPinned, buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';

jest.setTimeout(60_000);

const basis: MappingEntry[] = [
  { to: 'username', from: { kind: 'field', path: 'email' } },
  { to: 'email', from: { kind: 'field', path: 'email' } },
  { to: 'role', from: { kind: 'constant', value: 'Employee' } },
];
const mapping = (entries: MappingEntry[], overrides: Partial<MappingDefinition> = {}): MappingDefinition => ({
  entries: [...basis, ...entries],
  syncKeys: ['email'],
  ...overrides,
});
const badge: PeopleField = { variable: 'badge', label: 'Badge', type: 'short-text', unique: true, required: false };
const user = (id: string, raw: Record<string, unknown>) =>
  buildUser(id, { raw: { email: `${id}@example.com`, ...raw } });

describe('mappings that people change', () => {
  let fixture: MappingFixture;
  let gateway: CommandSender;
  let keys = 0;
  let runs = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
    gateway = await fixture.sender('gateway');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  async function command(definition: Parameters<CommandSender['send']>[0], aggregate: string, input: object) {
    const idempotencyKey = `key-${(keys += 1)}`;
    const { outcome } = await gateway.send(definition, {
      aggregate,
      actor: 'ada',
      correlationId: 'test',
      idempotencyKey,
      input,
    });
    return outcome;
  }
  const save = (
    integration: string,
    definition: MappingDefinition,
    more: { ifVersion?: number; newFields?: PeopleField[] } = {},
  ) => command(updateMapping, integration, { integration, ifVersion: null, newFields: [], definition, ...more });
  const read = async (
    driver: RawRecordsDriver,
    users: Parameters<RawRecordsDriver['read']>[1],
    mappingVersion: number,
  ) => {
    const run = `${driver.integration}-${(runs += 1)}`;
    await driver.read(run, users, { mappingVersion });
    return driver.report(run, 'mapped');
  };
  const valuesOf = async (id: string) => (await fixture.accounts()).find(({ _id }) => _id === id)!.values;

  it('become a new version with the fields that they bring along, and the next run uses it (R66, R75)', async () => {
    const driver = await fixture.integration('acme', { partition: 1 });
    const raw = { profile: { 'work-title': ' Engineer ' }, groups: ['a', 'b'], badges: [{ no: 7 }], kind: 'FTE' };
    await read(driver, [user('ann', raw)], 1);
    const definition = mapping([
      { to: 'job_title', from: { kind: 'field', path: 'profile["work-title"]', transforms: [{ kind: 'trim' }] } },
      { to: 'department', from: { kind: 'expression', expression: '$join(groups, "/")' } },
      { to: 'badge', from: { kind: 'field', path: 'badges[0].no' } },
    ]);
    const outcome = await save('acme', definition, { newFields: [badge], ifVersion: 1 });
    expect(outcome).toMatchObject({ status: 'done', result: { version: 2, definition } });
    expect(await fixture.environment.databases.collection(mappings).countDocuments({ integration: 'acme' })).toBe(2);
    expect(await read(driver, [user('ann', raw)], 2)).toMatchObject({ counts: { updated: 1 }, problems: [] });
    expect(await valuesOf('acme:ann')).toMatchObject({ job_title: 'Engineer', department: 'a/b', badge: '7' });
    const [person] = await fixture.people();
    expect(person!.keys).toEqual(expect.arrayContaining(['badge:7', 'email:ann@example.com']));
  });

  it('are saved wholly or not at all, with every fault named, and never over a version that was not seen', async () => {
    await fixture.integration('faulty', { partition: 2 });
    const field = { ...badge, variable: 'left_out' };
    const wrong = mapping([{ to: 'nothing', from: { kind: 'field', path: 'a[' } }], { syncKeys: ['username'] });
    const refused = await save('faulty', wrong, { newFields: [field] });
    expect(refused).toMatchObject({ status: 'refused', error: { code: 'mapping-invalid' } });
    expect(JSON.stringify(refused)).toMatch(/no people field \\"nothing\\".*Username is not unique/);
    expect(await fixture.environment.databases.collection(fields).countDocuments({ variable: 'left_out' })).toBe(0);
    expect(await save('faulty', mapping([]), { ifVersion: 4 })).toMatchObject({ error: { code: 'version-conflict' } });
    expect(await save('nobody', mapping([]))).toMatchObject({ error: { code: 'integration-not-found' } });
  });

  it('leave a field alone that cannot be made of a record, name it, and write the rest', async () => {
    const driver = await fixture.integration('failing', { partition: 3 });
    const title = (expression: string) => mapping([{ to: 'job_title', from: { kind: 'expression', expression } }]);
    await save('failing', title('$uppercase(title)'));
    await read(driver, [user('bea', { title: 'clerk' }), user('cem', { title: 'lead' })], 2);
    const report = await read(driver, [user('bea', { title: 7, name: 'x' }), user('cem', { title: 'boss' })], 2);
    expect(report).toMatchObject({
      result: 'complete',
      counts: { rejected: 0, updated: 1 },
      problems: [{ code: 'mapping-failed', count: 1, samples: ['bea'] }],
    });
    expect(await valuesOf('failing:bea')).toMatchObject({ job_title: 'CLERK' });
    expect(await valuesOf('failing:cem')).toMatchObject({ job_title: 'BOSS' });
    const again = await read(driver, [user('bea', { title: 7, name: 'x' }), user('cem', { title: 'boss' })], 2);
    expect(again).toMatchObject({ counts: { unchanged: 2 }, problems: [{ code: 'mapping-failed', count: 1 }] });
  });

  it('pass records over that their rule does not let through; these are seen, and nobody misses them (R61)', async () => {
    const driver = await fixture.integration('rules', { partition: 4 });
    const rules = { onlyIf: { name: 'staff only', expression: 'type = "staff"' }, restoreArchived: true };
    const users = [user('dan', { type: 'staff' }), user('eva', { type: 'robot' })];
    await read(driver, users, 1);
    await save('rules', mapping([], { rules }));
    const report = await read(
      driver,
      [user('dan', { type: 'staff' }), user('eva', { type: 'robot', email: 'new@example.com' })],
      2,
    );
    expect(report).toMatchObject({
      counts: { read: 2, skipped: 1, unchanged: 1 },
      passedOver: { rule: 'staff only', count: 1 },
      staged: 0,
      problems: [],
    });
    expect(await valuesOf('rules:eva')).toMatchObject({ email: 'eva@example.com' });
  });

  it('restore nobody who is active again where the rules say so (R60)', async () => {
    const driver = await fixture.integration('archive', { partition: 5 });
    await save('archive', mapping([], { rules: { onlyIf: null, restoreArchived: false } }));
    await driver.read('archive-in', [buildUser('fay', { status: 'inactive' })], { mappingVersion: 2 });
    await driver.report('archive-in', 'mapped');
    const active = async () => (await fixture.accounts()).find(({ _id }) => _id === 'archive:fay')!.active;
    expect(await active()).toBe(false);
    expect(await read(driver, [buildUser('fay')], 2)).toMatchObject({ counts: { reactivated: 0 } });
    expect(await active()).toBe(false);
    await save('archive', mapping([]));
    expect(await read(driver, [buildUser('fay')], 3)).toMatchObject({ counts: { reactivated: 1 } });
    expect(await active()).toBe(true);
  });

  it('can be tried on records of the newest run before they are saved, masked', async () => {
    const driver = await fixture.integration('tried', { partition: 6 });
    const empty = await command(evaluateMapping, 'tried', { integration: 'tried', definition: null, newFields: [] });
    expect(empty).toMatchObject({ status: 'done', result: { readAt: null, records: [] } });
    await read(driver, [user('gil', { title: 'Clerk' }), user('hal', { title: 4 })], 1);
    const definition = mapping([{ to: 'job_title', from: { kind: 'expression', expression: '$uppercase(title)' } }]);
    const outcome = await command(evaluateMapping, 'tried', { integration: 'tried', definition, newFields: [] });
    expect(outcome).toMatchObject({
      status: 'done',
      result: {
        records: [
          { outcome: 'written', values: { email: 'xxx@xxxxxxx.xxx', job_title: 'XXXXX' } },
          { outcome: 'written', failures: [{ to: 'job_title' }] },
        ],
        errors: [{ to: 'job_title', count: 1 }],
      },
    });
    expect(await fixture.environment.databases.collection(mappings).countDocuments({ integration: 'tried' })).toBe(1);
    const wrong = { ...definition, syncKeys: ['username'] };
    expect(
      await command(evaluateMapping, 'tried', { integration: 'tried', definition: wrong, newFields: [] }),
    ).toMatchObject({
      error: { code: 'mapping-invalid' },
    });
  });

  it('change under a run that goes on with its own version: no record is made by two (P7, A6)', async () => {
    const driver = await fixture.integration('edited', { partition: 10 });
    const version = (number: number) => mapping([{ to: 'job_title', from: { kind: 'constant', value: `v${number}` } }]);
    await save('edited', version(2));
    for (let pinned = 2; pinned < 12; pinned += 3) {
      const base = { i: 'edited', g: driver.nextGeneration(), r: `edited-under-${pinned}` };
      await driver.send([{ ...base, k: 'start', pinned: buildPinned({ mappingVersion: pinned }) }]);
      const pages = Array.from({ length: 12 }, (_, page) =>
        Array.from({ length: 10 }, (_, place) => user(`edited-${page}-${place}`, { name: `Name ${pinned}` })),
      );
      const edits = [4, 6, 9];
      for (const [page, users] of pages.entries()) {
        await driver.send([{ ...base, k: 'records', u: users }]);
        const edit = edits.indexOf(page);
        if (edit >= 0) expect(await save('edited', version(pinned + 1 + edit))).toMatchObject({ status: 'done' });
      }
      await driver.send([{ ...base, k: 'end', count: 120 }]);
      expect(await driver.report(base.r, 'mapped')).toMatchObject({ result: 'complete', counts: { read: 120 } });
      const own = (await fixture.accounts()).filter(({ integration }) => integration === 'edited');
      expect(new Set(own.map(({ values }) => values['job_title']))).toEqual(new Set([`v${pinned}`]));
    }
  });

  it('find people by further sync keys without writing these, unless they say so (R74)', async () => {
    const [first, second] = [
      await fixture.integration('finds', { partition: 8, priority: 1 }),
      await fixture.integration('gives', { partition: 9, priority: 2 }),
    ];
    const entry: MappingEntry = { to: 'badge', from: { kind: 'field', path: 'badge' } };
    const byBoth = mapping([entry], { syncKeys: ['email', 'badge'] });
    await save('gives', mapping([entry], { syncKeys: ['badge'] }));
    await save('finds', byBoth);
    await read(second, [user('kim', { badge: 'K1' })], 2);
    const other = (badgeNumber: string) =>
      buildUser('kim', { raw: { email: 'kim@example.com', badge: badgeNumber, name: 'Kim' } });
    await read(first, [other('K1')], 2);
    await read(first, [other('K2')], 2);
    const badgeOf = async () =>
      (await fixture.people()).find(({ values }) => values['email'] === 'kim@example.com')!.values['badge'];
    expect(await valuesOf('finds:kim')).toMatchObject({ badge: 'K2' });
    expect(await badgeOf()).toBe('K1');
    await save('finds', { ...byBoth, updatesSecondaryKeys: true });
    await waitFor('the badge of the source that comes first', async () => (await badgeOf()) === 'K2');
  });

  it('bring fields that people change: a field that becomes unique is a key of everybody (D1, D4)', async () => {
    const locker = { variable: 'locker', label: 'Locker', type: 'short-text', unique: false, required: false };
    expect(await command(createField, 'locker', locker)).toMatchObject({ status: 'done' });
    expect(await command(createField, 'locker', locker)).toMatchObject({ error: { code: 'field-taken' } });
    const driver = await fixture.integration('fields', { partition: 7 });
    await save('fields', mapping([{ to: 'locker', from: { kind: 'field', path: 'locker' } }]));
    await read(driver, [user('ivy', { locker: 'L1' }), user('jon', { locker: 'L2' })], 2);
    expect(
      await command(updateField, 'locker', { variable: 'locker', unique: true, label: 'Locker number' }),
    ).toMatchObject({
      result: { field: { ...locker, unique: true, label: 'Locker number' } },
    });
    await waitFor('keys of lockers', async () => {
      const keysOfAll = (await fixture.people()).flatMap(({ keys: own = [] }) => own);
      return keysOfAll.includes('locker:l1') && keysOfAll.includes('locker:l2');
    });
    await save(
      'fields',
      mapping([{ to: 'locker', from: { kind: 'field', path: 'locker' } }], { syncKeys: ['email', 'locker'] }),
    );
    expect(await command(updateField, 'locker', { variable: 'locker', unique: false })).toMatchObject({
      error: { code: 'field-in-use' },
    });
    expect(await command(updateField, 'email', { variable: 'email', unique: false })).toMatchObject({
      error: { code: 'field-built-in' },
    });
    expect(await command(updateField, 'none', { variable: 'none', label: 'x' })).toMatchObject({
      error: { code: 'unknown-field' },
    });
  });

  it('bring indexes by which people are filtered, at most sixteen, as long as the fields are marked', async () => {
    const numbered = (number: number) => {
      const variable = `mark_${number}`;
      return {
        variable,
        label: `Mark ${number}`,
        type: 'short-text',
        unique: false,
        required: false,
        filterable: true,
      };
    };
    const create = (number: number) => command(createField, numbered(number).variable, numbered(number));
    const indexed = async () => {
      const names = (await fixture.environment.databases.collection(people).indexes()).map(({ name = '' }) => name);
      return names.flatMap((name) => indexedField(name) ?? []).filter((variable) => variable.startsWith('mark_'));
    };
    expect(await create(0)).toMatchObject({ status: 'done' });
    await waitFor('the index', async () => (await indexed()).length === 1, 30_000);
    for (let number = 1; number < 16; number += 1) expect(await create(number)).toMatchObject({ status: 'done' });
    const tooMany = { error: { code: 'too-many-filterable-fields' } };
    expect(await create(16)).toMatchObject(tooMany);
    await fixture.integration('marks', { partition: 8 });
    expect(await save('marks', mapping([]), { newFields: [numbered(16) as PeopleField] })).toMatchObject(tooMany);
    expect(await command(updateField, 'locker', { variable: 'locker', filterable: true })).toMatchObject(tooMany);
    const unmark = { variable: 'mark_0', filterable: false };
    expect(await command(updateField, 'mark_0', unmark)).toMatchObject({ status: 'done' });
    expect(await command(updateField, 'locker', { variable: 'locker', filterable: true })).toMatchObject({
      status: 'done',
    });
    await waitFor(
      'the indexes of the others',
      async () => {
        const found = await indexed();
        return found.length === 15 && !found.includes('mark_0');
      },
      30_000,
    );
  });
});
