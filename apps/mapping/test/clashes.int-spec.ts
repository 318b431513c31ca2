import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildUser, type RawRecordsDriver } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

const mailed = (id: string, email: string, name = `User ${id}`) =>
  buildUser(id, { username: email, raw: { email, name } });

jest.setTimeout(60_000);

describe('bad records and clashing keys', () => {
  let fixture: MappingFixture;
  let partition = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const integration = (id: string): Promise<RawRecordsDriver> =>
    fixture.integration(id, { partition: (partition += 1) });
  const accountOf = async (id: string) => (await fixture.accounts()).find((account) => account._id === id)!;
  const personOf = async (account: string) => {
    const { person } = await accountOf(account);
    return (await fixture.people()).find(({ _id }) => _id === person);
  };

  it('lets the second of two records with one e-mail wait for a decision (D5)', async () => {
    const driver = await integration('twice');
    await driver.read('twice-1', [mailed('a', 'twice@example.com'), mailed('b', 'Twice@example.com ')]);
    const report = await driver.report('twice-1', 'mapped');
    expect(report).toMatchObject({ result: 'complete', counts: { read: 2, created: 2, rejected: 1 } });
    expect(report.problems).toEqual([expect.objectContaining({ code: 'second-account', count: 1, samples: ['b'] })]);
    expect(await accountOf('twice:b')).toMatchObject({ active: true, person: null, hash: null });
    expect((await personOf('twice:a'))?.values['email']).toBe('twice@example.com');

    // Looked at again in each run (B9), still waiting, still seen, and no revision is made of it.
    await driver.read('twice-2', [mailed('a', 'twice@example.com'), mailed('b', 'Twice@example.com ')]);
    const again = await driver.report('twice-2', 'mapped');
    expect(again).toMatchObject({ staged: 0, counts: { read: 2, updated: 0, unchanged: 2, rejected: 1 } });
    expect(await accountOf('twice:b')).toMatchObject({ revision: 1, active: true, person: null });
  });

  it('lets two people swap their e-mails within one slice (D4)', async () => {
    const driver = await integration('swap');
    await driver.read('swap-1', [mailed('a', 'swap-a@example.com'), mailed('b', 'swap-b@example.com')]);
    await driver.report('swap-1', 'mapped');
    const [first, second] = [await personOf('swap:a'), await personOf('swap:b')];
    await driver.read('swap-2', [mailed('a', 'swap-b@example.com'), mailed('b', 'swap-a@example.com')]);
    expect(await driver.report('swap-2', 'mapped')).toMatchObject({ counts: { updated: 2, rejected: 0 } });
    expect(await personOf('swap:a')).toMatchObject({
      _id: first!._id,
      keys: ['email:swap-b@example.com'],
      refused: [],
    });
    expect(await personOf('swap:b')).toMatchObject({
      _id: second!._id,
      keys: ['email:swap-a@example.com'],
      refused: [],
    });
  });

  it('heals a swap across slices in the second run', async () => {
    const driver = await integration('far');
    const between = Array.from({ length: 1100 }, (_, index) => buildUser(`far-${index}`));
    await driver.read('far-1', [mailed('a', 'far-a@example.com'), ...between, mailed('z', 'far-z@example.com')]);
    await driver.report('far-1', 'mapped');
    const swapped = [mailed('a', 'far-z@example.com'), ...between, mailed('z', 'far-a@example.com')];
    await driver.read('far-2', swapped);
    const report = await driver.report('far-2', 'mapped');
    expect(report).toMatchObject({ result: 'complete', counts: { updated: 2, rejected: 1 } });
    expect(report.problems).toEqual([expect.objectContaining({ code: 'key-taken', samples: ['a'] })]);
    // The old key is released although the new one was refused.
    const loser = await personOf('far:a');
    expect(loser).toMatchObject({ values: { email: null }, active: true });
    expect(loser?.keys ?? []).toEqual([]);
    expect(await accountOf('far:a')).toMatchObject({ hash: null, error: { code: 'key-taken', field: 'email' } });
    expect((await personOf('far:z'))?.keys).toEqual(['email:far-a@example.com']);

    await driver.read('far-3', swapped);
    expect(await driver.report('far-3', 'mapped')).toMatchObject({ counts: { updated: 1, rejected: 0 }, problems: [] });
    expect(await personOf('far:a')).toMatchObject({ keys: ['email:far-z@example.com'], refused: [] });
    expect(await accountOf('far:a')).toMatchObject({ error: null });
  });

  it('rejects a user who cannot be mapped, names them, counts them as seen, and goes on with the rest (B7)', async () => {
    const driver = await integration('bad');
    const good = Array.from({ length: 60 }, (_, index) => buildUser(`bad-${index}`));
    await driver.read('bad-1', [...good, buildUser('keep')]);
    await driver.report('bad-1', 'mapped');
    const bad = [
      buildUser('keep', { raw: { name: 'No e-mail any more' } }),
      buildUser('long', { raw: { email: 'long@example.com', name: 'x'.repeat(257) } }),
      buildUser('list', { raw: { email: ['list@example.com'], name: 'A list' } }),
    ];
    await driver.read('bad-2', [...good, ...bad]);
    const report = await driver.report('bad-2', 'mapped');
    expect(report).toMatchObject({ result: 'complete', staged: 0, counts: { read: 63, unchanged: 60, rejected: 3 } });
    expect(report.problems.map(({ code, samples }) => [code, samples])).toEqual(
      expect.arrayContaining([
        ['required-value-missing', ['keep']],
        ['value-too-long', ['long']],
        ['value-of-wrong-type', ['list']],
      ]),
    );
    expect(await accountOf('bad:keep')).toMatchObject({ active: true, values: { email: 'keep@example.com' } });
    expect(await accountOf('bad:long')).toBeUndefined();
  });

  it('keeps ids apart that only look alike (V23)', async () => {
    const driver = await integration('odd');
    const ids = ['A', 'a', '007', '7', ' 7', '__proto__', 'constructor', '..', '😀', 'x'.repeat(512)];
    const users = ids.map((id, index) => mailed(id, `odd-${index}@example.com`, `Odd ${index}`));
    await driver.read('odd-1', [...users, users[0]!]);
    const report = await driver.report('odd-1', 'mapped');
    expect(report).toMatchObject({ result: 'complete', counts: { read: ids.length, created: ids.length } });
    const stored = (await fixture.accounts()).filter((account) => account.integration === 'odd');
    expect(stored.map((account) => account.vendorId).sort()).toEqual([...ids].sort());
    expect(new Set(stored.map((account) => account.person)).size).toBe(ids.length);
  });

  it('says every revision once, and the last one is what is stored (I4, I5)', async () => {
    expect(await ledgerFaults(fixture)).toEqual([]);
  });
});
