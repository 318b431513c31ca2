import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { accounts, integrations, planLines } from '@rollcall/collections';
import { holdAccount, protectAccount, protectPerson } from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

const users = (...ids: string[]) => ids.map((id) => buildUser(id));

jest.setTimeout(60_000);

describe('staged deactivations', () => {
  let fixture: MappingFixture;
  let gateway: CommandSender;
  let commands = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
    gateway = await fixture.sender('gateway');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  async function loaded(name: string, partition: number, ...ids: string[]): Promise<RawRecordsDriver> {
    const driver = await fixture.integration(name, { partition });
    await driver.read(`${name}-load`, users(...ids.map((id) => `${name}-${id}`)));
    await driver.report(`${name}-load`, 'mapped');
    return driver;
  }
  async function command(definition: Parameters<CommandSender['send']>[0], aggregate: string, input: object) {
    const idempotencyKey = `c${(commands += 1)}`;
    const options = { aggregate, actor: 'operator', correlationId: 'test', idempotencyKey, input };
    expect((await gateway.send(definition, options)).outcome).toMatchObject({ status: 'done' });
  }
  const accountOf = async (id: string) => (await fixture.accounts()).find(({ _id }) => _id === id)!;
  const linesOf = (run: string) =>
    fixture.environment.databases.collection(planLines).find({ run }).sort({ number: 1 }).toArray();

  it('stages who is missing and who is inactive at the source, and executes only what SWEEP finds as staged (E1, E2)', async () => {
    const driver = await loaded('acme', 1, 'stays', 'gone', 'off', 'admin', 'own', 'changed', 'refuted');
    const staying = [
      ...users('acme-stays'),
      buildUser('acme-off', { status: 'inactive' }),
      buildUser('acme-admin', { administrator: true, status: 'inactive' }),
    ];
    const g = await driver.read('acme-2', staying, { ownUsers: ['acme-own@example.com'] });
    const report = await driver.report('acme-2', 'mapped');
    expect(report).toMatchObject({ result: 'complete', staged: 6, activeAtStart: 7 });
    expect([...report.protectedLines].sort()).toEqual(['acme-admin@example.com', 'acme-own@example.com']);
    expect((await linesOf('acme-2')).map(({ kind, vendorId }) => [kind, vendorId])).toEqual(
      expect.arrayContaining([
        ['missing', 'acme-gone'],
        ['inactive', 'acme-off'],
        ['inactive', 'acme-admin'],
        ['missing', 'acme-own'],
        ['missing', 'acme-changed'],
        ['missing', 'acme-refuted'],
      ]),
    );
    await command(protectAccount, 'acme:acme-changed', { account: 'acme:acme-changed', protected: true });
    await driver.sweep('acme-2', g, ['acme:acme-refuted']);
    expect(await driver.report('acme-2', 'swept')).toMatchObject({ deactivated: 2, stale: 4, peopleDeactivated: 2 });
    const inactive = (await fixture.accounts()).filter(({ active }) => !active);
    expect(inactive.map(({ vendorId }) => vendorId)).toEqual(['acme-gone', 'acme-off']);
    const stale = (await linesOf('acme-2')).filter(({ state }) => state === 'stale');
    expect(stale.map(({ vendorId, staleReason }) => [vendorId, staleReason])).toEqual(
      expect.arrayContaining([
        ['acme-changed', 'the account changed since it was staged'],
        ['acme-refuted', 'the vendor says by id that the user is there'],
        ['acme-own', 'the account is protected'],
        ['acme-admin', 'the account is protected'],
      ]),
    );
  });

  it('marks lines whose accounts stand in the approved plan, and names those who came back (E4)', async () => {
    const driver = await loaded('appr', 8, 'stays', 'gone', 'back', 'admin', 'late');
    await driver.read('appr-2', users('appr-stays', 'appr-late'));
    expect(await driver.report('appr-2', 'mapped')).toMatchObject({
      staged: 3,
      approved: 0,
      returned: null,
      samples: ['appr-admin@example.com', 'appr-back@example.com', 'appr-gone@example.com'],
    });
    await command(protectAccount, 'appr:appr-admin', { account: 'appr:appr-admin', protected: true });
    const g = await driver.read('appr-3', users('appr-stays', 'appr-back'), { approvedPlan: 'appr-2' });
    expect(await driver.report('appr-3', 'mapped')).toMatchObject({
      staged: 3,
      approved: 2,
      returned: { count: 1, samples: ['appr-back@example.com'] },
      // A protected account of the approved plan is shown only: it stands among the staged, and is not swept.
      protectedLines: [],
    });
    expect((await linesOf('appr-3')).map(({ vendorId, approved }) => [vendorId, approved])).toEqual([
      ['appr-admin', true],
      ['appr-gone', true],
      ['appr-late', false],
    ]);
    await driver.sweep('appr-3', g, []);
    expect(await driver.report('appr-3', 'swept')).toMatchObject({ deactivated: 2, stale: 1 });
    expect((await accountOf('appr:appr-admin')).active).toBe(true);
    expect((await accountOf('appr:appr-back')).active).toBe(true);
  });

  it('does not stage held accounts, and reports where they differ from the source (E8)', async () => {
    const driver = await loaded('held', 2, 'a', 'b', 'c');
    const hold = (account: string, active: boolean) =>
      command(holdAccount, account, { account, hold: true, active, reason: 'test' });
    await hold('held:held-a', true);
    await hold('held:held-b', false);
    expect(await accountOf('held:held-a')).toMatchObject({ active: true, hash: null, hold: { by: 'operator' } });
    await driver.read('held-2', users('held-b', 'held-c'));
    const report = await driver.report('held-2', 'mapped');
    expect(report).toMatchObject({ result: 'complete', staged: 0, counts: { reactivated: 0 } });
    expect(report.problems).toEqual([expect.objectContaining({ code: 'held-differs', samples: ['held-b'] })]);
    expect(await accountOf('held:held-b')).toMatchObject({ active: false, hash: null });
    // Every run looks at it again.
    await driver.read('held-3', users('held-a', 'held-b', 'held-c'));
    expect((await driver.report('held-3', 'mapped')).problems).toEqual([
      expect.objectContaining({ code: 'held-differs', samples: ['held-b'] }),
    ]);
  });

  it('leaves the accounts of a protected person alone (G7)', async () => {
    const driver = await loaded('safe', 3, 'a', 'b', 'c');
    const { person } = await accountOf('safe:safe-a');
    await command(protectPerson, person!, { person, protected: true });
    const g = await driver.read('safe-2', users('safe-c'));
    expect(await driver.report('safe-2', 'mapped')).toMatchObject({
      staged: 2,
      protectedLines: ['safe-a@example.com'],
    });
    await driver.sweep('safe-2', g);
    expect(await driver.report('safe-2', 'swept')).toMatchObject({ deactivated: 1, stale: 1 });
    expect(await accountOf('safe:safe-a')).toMatchObject({ active: true });
  });

  it('does nothing on a SWEEP that the published run does not repeat (A12)', async () => {
    const driver = await loaded('unjudged', 4, 'a', 'b');
    const g = await driver.read('unjudged-2', users('unjudged-a'));
    expect(await driver.report('unjudged-2', 'mapped')).toMatchObject({ staged: 1 });
    await driver.send([{ k: 'sweep', i: 'unjudged', g, r: 'unjudged-2' }]);
    await driver.read('unjudged-3', users('unjudged-a', 'unjudged-b'));
    await driver.report('unjudged-3', 'mapped');
    expect(await accountOf('unjudged:unjudged-b')).toMatchObject({ active: true, revision: 1 });
  });

  it('reports every line stale when the integration deactivates no longer (E2)', async () => {
    const driver = await loaded('off', 5, 'a', 'b');
    const g = await driver.read('off-2', users('off-a'));
    await driver.report('off-2', 'mapped');
    await fixture.environment.databases
      .collection(integrations)
      .updateOne({ _id: 'off' }, { $set: { 'deactivate.onHold': true } });
    await driver.sweep('off-2', g);
    expect(await driver.report('off-2', 'swept')).toMatchObject({ deactivated: 0, stale: 1 });
    expect(await accountOf('off:off-b')).toMatchObject({ active: true });
  });

  it('takes back with UNDO only what that run deactivated (E5)', async () => {
    const driver = await loaded('undo', 6, 'a', 'b', 'c', 'd');
    const first = await driver.read('undo-2', users('undo-a', 'undo-b', 'undo-c'));
    await driver.report('undo-2', 'mapped');
    await driver.sweep('undo-2', first);
    const second = await driver.read('undo-3', users('undo-a'));
    await driver.report('undo-3', 'mapped');
    await driver.sweep('undo-3', second);
    const before = await accountOf('undo:undo-d');
    await driver.undo('undo-3');
    expect(await driver.report('undo-3', 'undone')).toMatchObject({ reactivated: 2, restored: 0, conflicts: 0 });
    expect(await accountOf('undo:undo-b')).toMatchObject({ active: true, deactivated: null, hash: null });
    expect(await accountOf('undo:undo-d')).toEqual(before);
    const person = (await fixture.people()).find(({ _id }) => _id === before.person);
    expect(person).toMatchObject({ active: false, deactivated: { run: 'undo-2' } });
  });

  it('does not stage accounts that were observed after START (E1)', async () => {
    const driver = await loaded('late', 7, 'a', 'b');
    await fixture.environment.databases
      .collection(accounts)
      .updateOne({ _id: 'late:late-b' }, { $set: { observedAt: Date.now() + 1_500, observedBy: 'command' } });
    await driver.read('late-2', users('late-a'));
    expect(await driver.report('late-2', 'mapped')).toMatchObject({ result: 'complete', staged: 0 });
  });

  it('stages leavers and takes changes over after a run whose clock was ahead', async () => {
    const driver = await loaded('ahead', 8, 'a', 'b', 'c');
    await fixture.environment.databases
      .collection(accounts)
      .updateMany({ integration: 'ahead' }, { $set: { observedAt: Date.now() + 3_600_000 } });
    const [first] = users('ahead-a');
    await driver.read('ahead-2', [{ ...first!, raw: { ...first!.raw, email: 'changed@example.com' } }]);
    expect(await driver.report('ahead-2', 'mapped')).toMatchObject({
      result: 'complete',
      staged: 2,
      counts: { updated: 1, unchanged: 0, outdated: 0 },
    });
  });

  it('says every revision once, and the last one is what is stored (I4, I5)', async () => {
    // Commands speak through the outbox, a moment later.
    await waitFor('the outbox to be empty', async () => (await ledgerFaults(fixture)).length === 0, 10_000);
  });
});
