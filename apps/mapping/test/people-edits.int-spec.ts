import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  holdPerson,
  linkAccount,
  mergePeople,
  overridePerson,
  type RawUser,
  setSourcesOfTruth,
} from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';
import { ledgerFaults } from './record-ledger.js';

jest.setTimeout(60_000);

describe('what operators decide about people', () => {
  let fixture: MappingFixture;
  let acme: RawRecordsDriver;
  let other: RawRecordsDriver;
  let gateway: CommandSender;
  let keys = 0;
  let runs = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    acme = await fixture.integration('acme', { priority: 1 });
    other = await fixture.integration('other', { priority: 2, partition: 1 });
    await fixture.startMapping();
    gateway = await fixture.sender('gateway');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const options = <Input>(aggregate: string, input: Input) => ({
    aggregate,
    actor: 'operator',
    correlationId: 'test',
    idempotencyKey: `key-${(keys += 1)}`,
    input,
  });
  const user = (id: string, email: string, more: Record<string, unknown> = {}, over: Partial<RawUser> = {}) =>
    buildUser(id, { username: email, raw: { email, name: id, ...more }, ...over });
  const read = async (driver: RawRecordsDriver, users: RawUser[]) => {
    const run = `run-${(runs += 1)}`;
    await driver.read(run, users);
    return driver.report(run, 'mapped');
  };
  const personOf = async (account: string) => {
    const id = (await fixture.accounts()).find(({ _id }) => _id === account)!.person;
    return (await fixture.people()).find(({ _id }) => _id === id)!;
  };
  const accountOf = async (id: string) => (await fixture.accounts()).find(({ _id }) => _id === id)!;
  const noFaults = () =>
    waitFor('events of every change', async () => (await ledgerFaults(fixture)).length === 0).then(() => undefined);

  it('keeps a value set by hand through runs, with who set it, until it is given back', async () => {
    await read(acme, [user('a', 'a@example.com', { title: 'Clerk' })]);
    const { _id: person } = await personOf('acme:a');
    const set = { person, set: { job_title: 'Lead' }, clear: [] };
    expect((await gateway.send(overridePerson, options(person, set))).outcome).toMatchObject({ status: 'done' });
    await read(acme, [user('a', 'a@example.com', { title: 'Boss' })]);
    expect(await personOf('acme:a')).toMatchObject({
      values: { job_title: 'Lead' },
      provenance: { job_title: 'override' },
      overrides: { job_title: { value: 'Lead', by: 'operator' } },
    });
    await gateway.send(overridePerson, options(person, { person, set: {}, clear: ['job_title'] }));
    expect(await personOf('acme:a')).toMatchObject({ values: { job_title: 'Boss' }, overrides: {} });
    await noFaults();
  });

  it.each([
    [{ set: { shoe_size: '9' }, clear: [] }, 'unknown-field', 'shoe_size'],
    [{ set: { job_title: 7 }, clear: [] }, 'value-not-allowed', 'Job title'],
    [{ set: { job_title: 'x'.repeat(257) }, clear: [] }, 'value-not-allowed', '257'],
    [{ set: { email: null }, clear: [] }, 'value-not-allowed', 'required'],
    [{ set: { email: 'taken@example.com' }, clear: [] }, 'key-taken', 'Email'],
  ])('refuses an override that cannot be: %j', async (change, code, words) => {
    await read(acme, [user('a', 'a@example.com'), user('t', 'taken@example.com')]);
    const before = await personOf('acme:a');
    const { outcome } = await gateway.send(overridePerson, options(before._id, { person: before._id, ...change }));
    expect(outcome).toMatchObject({ status: 'refused', error: { code, message: expect.stringContaining(words) } });
    expect(await personOf('acme:a')).toEqual(before);
  });

  it('holds a person inactive although their account is active, and lets the accounts decide again (D3)', async () => {
    await read(acme, [user('h', 'h@example.com')]);
    const { _id: person } = await personOf('acme:h');
    const hold = { person, hold: true, active: false, reason: 'leave of absence' };
    const held = await gateway.send(holdPerson, options(person, hold));
    expect(held.outcome).toMatchObject({ status: 'done', result: { active: false } });
    await read(acme, [user('h', 'h@example.com', { title: 'New' })]);
    expect(await personOf('acme:h')).toMatchObject({
      active: false,
      values: { job_title: 'New' },
      hold: { by: 'operator', reason: 'leave of absence' },
    });
    const lift = { person, hold: false, active: null, reason: '' };
    await gateway.send(holdPerson, options(person, lift));
    expect(await personOf('acme:h')).toMatchObject({ active: true, hold: null });
    await noFaults();
  });

  it('merges two people: accounts and missing overrides go along, the other one stays as merged (D7)', async () => {
    await read(acme, [user('k', 'keep@example.com')]);
    await read(other, [user('m', 'merged@example.com', { title: 'From other' })]);
    const [keep, merged] = [await personOf('acme:k'), await personOf('other:m')];
    const override = (person: string, set: Record<string, string>) =>
      gateway.send(overridePerson, options(person, { person, set, clear: [] }));
    await override(keep._id, { first_name: 'Kim' });
    await override(merged._id, { first_name: 'Max', last_name: 'Moss' });
    const { outcome } = await gateway.send(mergePeople, options(keep._id, { keep: keep._id, merged: merged._id }));
    expect(outcome).toMatchObject({ status: 'done', result: { person: keep._id, accounts: 1 } });
    expect(await personOf('other:m')).toMatchObject({
      _id: keep._id,
      values: { first_name: 'Kim', last_name: 'Moss', job_title: 'From other', email: 'keep@example.com' },
    });
    const gone = (await fixture.people()).find(({ _id }) => _id === merged._id)!;
    expect(gone).toMatchObject({ mergedInto: keep._id, active: false, values: { email: 'merged@example.com' } });
    expect(gone.keys).toBeUndefined();
    await noFaults();
    const types = (await fixture.events('people')).filter(({ subject }) => subject === merged._id);
    expect(types.at(-1)?.type).toBe('person.merged');
    const again = await gateway.send(mergePeople, options(keep._id, { keep: keep._id, merged: merged._id }));
    expect(again.outcome).toMatchObject({ status: 'refused', error: { code: 'person-merged' } });
    // The link was made by hand and stays, though the e-mail says otherwise (D5).
    await read(other, [user('m', 'merged@example.com', { title: 'Again' })]);
    expect(await personOf('other:m')).toMatchObject({ _id: keep._id, values: { job_title: 'Again' } });
  });

  it('splits an account off to a new person, who gets the key if it is free, and refuses to empty a person', async () => {
    await read(acme, [user('s', 'split@example.com')]);
    await read(other, [user('s2', 'split@example.com', { title: 'Second', name: 's' })]);
    const before = await personOf('acme:s');
    expect(await personOf('other:s2')).toMatchObject({ _id: before._id });
    const { outcome } = await gateway.send(linkAccount, options('other:s2', { account: 'other:s2', person: null }));
    expect(outcome).toMatchObject({ status: 'done' });
    const fresh = await personOf('other:s2');
    expect(fresh._id).not.toBe(before._id);
    expect(fresh).toMatchObject({ values: { email: null, job_title: 'Second' }, refused: [{ code: 'key-taken' }] });
    const last = await gateway.send(linkAccount, options('acme:s', { account: 'acme:s', person: fresh._id }));
    expect(last.outcome).toMatchObject({ status: 'refused', error: { code: 'last-account' } });
    await noFaults();
  });

  it('names the candidates of an account that waits, and links it to whom an operator says (D5)', async () => {
    await read(acme, [user('w1', 'wait@example.com'), user('w2', 'wait@example.com')]);
    const waiting = await accountOf('acme:w2');
    const { _id: person } = await personOf('acme:w1');
    expect(waiting).toMatchObject({ person: null, error: { code: 'second-account', candidates: [person] } });
    await gateway.send(linkAccount, options('acme:w2', { account: 'acme:w2', person }));
    expect(await accountOf('acme:w2')).toMatchObject({ person, error: null, hash: null });
    const report = await read(acme, [user('w1', 'wait@example.com'), user('w2', 'wait@example.com')]);
    expect(report.counts.rejected).toBe(0);
    expect(await accountOf('acme:w2')).toMatchObject({ person });
    await noFaults();
  });

  it('gives a leaver’s e-mail to whom an operator says has it now, and leaves the leaver as they were', async () => {
    await read(acme, [user('sam', 'desk@example.com', {}, { status: 'inactive' })]);
    const leaver = await personOf('acme:sam');
    expect(leaver).toMatchObject({ active: false, keys: ['email:desk@example.com'] });
    const newcomer = user('tia', 'desk@example.com', { title: 'New' });
    expect((await read(other, [newcomer])).problems).toMatchObject([{ code: 'left-person', samples: ['tia'] }]);
    const waiting = await accountOf('other:tia');
    expect(waiting).toMatchObject({ active: true, person: null, error: { candidates: [leaver._id] } });
    expect(await personOf('acme:sam')).toEqual(leaver);

    await gateway.send(linkAccount, options('other:tia', { account: 'other:tia', person: null }));
    expect(await personOf('other:tia')).toMatchObject({
      active: true,
      values: { email: 'desk@example.com', job_title: 'New' },
      keys: ['email:desk@example.com'],
    });
    expect(await personOf('acme:sam')).toMatchObject({
      active: false,
      values: { email: null },
      refused: [{ code: 'key-taken', field: 'email' }],
    });
    const again = await read(other, [newcomer]);
    expect(again).toMatchObject({ counts: { rejected: 0 }, problems: [] });
    await noFaults();
  });

  it('brings a leaver back with the account that an operator says is theirs', async () => {
    await read(acme, [user('uma', 'uma@example.com', {}, { status: 'inactive' })]);
    const { _id: person } = await personOf('acme:uma');
    await read(other, [user('uma-2', 'uma@example.com')]);
    expect(await accountOf('other:uma-2')).toMatchObject({ person: null, error: { code: 'left-person' } });
    await gateway.send(linkAccount, options('other:uma-2', { account: 'other:uma-2', person }));
    expect(await personOf('other:uma-2')).toMatchObject({ _id: person, active: true, keys: ['email:uma@example.com'] });
    await noFaults();
  });

  it('believes another integration first for one attribute, for everybody, without a run (D1, D2)', async () => {
    await read(acme, [user('f', 'f@example.com', { title: 'Acme' })]);
    await read(other, [user('f', 'f@example.com', { title: 'Other' })]);
    expect(await personOf('acme:f')).toMatchObject({ values: { job_title: 'Acme', display_name: 'f' } });
    const sources = { job_title: ['other', 'acme'] };
    await gateway.send(setSourcesOfTruth, options('fold', { ifVersion: null, sources }));
    await waitFor('the refold', async () => (await personOf('acme:f')).values['job_title'] === 'Other');
    expect(await personOf('acme:f')).toMatchObject({
      provenance: { job_title: 'other:f', display_name: 'acme:f' },
    });
    const stranger = await gateway.send(
      setSourcesOfTruth,
      options('fold', { ifVersion: null, sources: { job_title: ['nobody'] } }),
    );
    expect(stranger.outcome).toMatchObject({ status: 'refused', error: { code: 'integration-not-found' } });
    await noFaults();
  });
});
