import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ciphertexts, type CredentialDocument, credentials, useLog } from '@rollcall/collections';
import {
  createCredential,
  type InputOf,
  reportCredential,
  rotateKeys,
  updateCredential,
  verifyKeys,
} from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { Installation } from './installation.js';

jest.setTimeout(90_000);

const value = (): string => `example-${randomBytes(6).toString('hex')}`;
const wrong = { code: 'vendor-auth-rejected', message: 'The vendor refused the credential.' };

describe('a new secret of a credential', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
    await installation.start();
  });
  afterAll(async () => {
    await installation.close();
  });

  const database = async () => (await installation.as('gateway')).databases;
  const stored = async (id: string): Promise<CredentialDocument> =>
    (await (await database()).collection(credentials).findOne({ _id: id }))!;
  const versions = async (credential: string) =>
    (await (await database()).collection(ciphertexts).distinct('secretVersion', { credential })).sort();
  const create = async () => {
    const id = randomUUID();
    const [username, password] = [value(), value()];
    const input = { id, name: id, connector: 'vendor-one', type: 'basic' as const, baseUrl: null, secrets: {} };
    await installation.send(createCredential, input, { secrets: { username, password } });
    return { id, username, password };
  };
  const update = async (
    id: string,
    change: Partial<InputOf<typeof updateCredential>>,
    secrets?: Record<string, string>,
  ) => {
    const input = { id, ifVersion: null, ...change };
    const { outcome } = await installation.send(updateCredential, input, secrets ? { secrets } : {});
    expect(outcome).toMatchObject({ status: 'done' });
  };
  const report = async (credential: string, secretVersion: number, refused: typeof wrong | null) =>
    installation.send(reportCredential, { credential, secretVersion, refused }, { as: 'sync-runner' });

  it('keeps the one of before until the vendor accepts it for the first time', async () => {
    const { id, username } = await create();
    const password = value();
    await update(id, {}, { password });
    expect(await stored(id)).toMatchObject({
      secretVersion: 2,
      previous: { secretVersion: 1, secretFields: ['username', 'password'] },
    });
    expect(await installation.lease(id)).toMatchObject({ secretVersion: 2, fields: { username, password } });
    expect(await versions(id)).toEqual([1, 2]);
    await report(id, 2, null);
    expect(await stored(id)).toMatchObject({ previous: null, attention: null });
    expect(await versions(id)).toEqual([2]);
  });

  it('is replaced by the one of before where the vendor refuses it, and everybody is told', async () => {
    const { id, username, password } = await create();
    await update(id, {}, { password: value() });
    const first = await installation.lease(id, { refused: { secretVersion: 2, tokenVersion: null } });
    expect(first).toMatchObject({ secretVersion: 1, fields: { username, password } });
    expect(await stored(id)).toMatchObject({
      attention: {
        code: 'vendor-auth-rejected',
        message: expect.stringMatching(/refused the new secret .* secret of before is used/),
      },
    });
    // Those that come later need not be refused first.
    expect(await installation.lease(id)).toMatchObject({ secretVersion: 1, fields: { password } });
    const log = await (await database()).collection(useLog).find({ credential: id }).sort({ at: 1 }).toArray();
    expect(log.map(({ secretVersion }) => secretVersion)).toEqual([1, 1]);
  });

  it('is what a test tries, whatever the vendor said of it before', async () => {
    const { id } = await create();
    const password = value();
    await update(id, {}, { password });
    await report(id, 2, wrong);
    expect(await installation.lease(id, { kind: 'check' })).toMatchObject({ secretVersion: 2, fields: { password } });
    await report(id, 2, null);
    expect(await stored(id)).toMatchObject({ previous: null, attention: null });
  });

  it('that was refused is not kept beside the next one: the last that worked is', async () => {
    const { id, password } = await create();
    await update(id, {}, { password: value() });
    await report(id, 2, wrong);
    await update(id, {}, { password: value() });
    expect(await stored(id)).toMatchObject({ secretVersion: 3, attention: null, previous: { secretVersion: 1 } });
    expect(await versions(id)).toEqual([1, 3]);
    await report(id, 3, wrong);
    expect(await installation.lease(id)).toMatchObject({ secretVersion: 1, fields: { password } });
  });

  it('leaves nothing of the one of before that the vendor refused already', async () => {
    const { id } = await create();
    await report(id, 1, wrong);
    await update(id, {}, { password: value() });
    expect(await stored(id)).toMatchObject({ previous: null });
    expect(await versions(id)).toEqual([2]);
  });

  it('ends the one of before when the vendor refuses that too', async () => {
    const { id } = await create();
    await update(id, {}, { password: value() });
    await report(id, 2, wrong);
    await report(id, 1, wrong);
    expect(await stored(id)).toMatchObject({ previous: null, attention: { code: wrong.code } });
    expect(await versions(id)).toEqual([2]);
  });

  it('is used again when the vendor refuses the one of before to whoever leases it', async () => {
    const { id } = await create();
    const password = value();
    await update(id, {}, { password });
    await report(id, 2, wrong);
    const refused = { secretVersion: 1, tokenVersion: null };
    expect(await installation.lease(id, { refused })).toMatchObject({ secretVersion: 2, fields: { password } });
    expect(await stored(id)).toMatchObject({ previous: null });
  });

  it('keeps the one of before when a report about that comes late', async () => {
    const { id } = await create();
    await update(id, {}, { password: value() });
    await report(id, 1, wrong);
    expect(await stored(id)).toMatchObject({ attention: null, previous: { secretVersion: 1 } });
  });

  it('ends the one of before at once when somebody else may know it', async () => {
    const { id } = await create();
    await update(id, { keepPrevious: false }, { password: value() });
    expect(await stored(id)).toMatchObject({ secretVersion: 2, previous: null });
    expect(await versions(id)).toEqual([2]);
    await update(id, {}, { password: value() });
    await report(id, 3, wrong);
    await update(id, { keepPrevious: false });
    // Nothing is said any more of a secret that is used in the meantime.
    expect(await stored(id)).toMatchObject({
      secretVersion: 3,
      previous: null,
      attention: { message: wrong.message },
    });
    expect(await versions(id)).toEqual([3]);
  });

  it('ends the one of before when the address moves, to which that was never meant to go', async () => {
    const { id } = await create();
    const secrets = { username: value(), password: value() };
    await update(id, { baseUrl: 'https://eu.one.example.com/v1' }, secrets);
    expect(await stored(id)).toMatchObject({ previous: null });
    expect(await versions(id)).toEqual([2]);
  });

  it('ends the one of before when its tokens come from elsewhere, where that was never meant to go either', async () => {
    const id = randomUUID();
    const type = 'oauth2-client-credentials' as const;
    const input = { id, name: id, connector: 'vendor-oauth', type, baseUrl: null, secrets: {} };
    const secrets = { clientId: 'client', clientSecret: value(), tokenUrl: 'https://login.one.example.com/token' };
    await installation.send(createCredential, input, { secrets });
    await update(id, {}, { clientSecret: value() });
    expect(await stored(id)).toMatchObject({ previous: { secretVersion: 1 } });
    await update(id, {}, { ...secrets, tokenUrl: 'https://login.other.example.com/token' });
    expect(await stored(id)).toMatchObject({ secretVersion: 3, previous: null });
    expect(await versions(id)).toEqual([3]);
  });

  it('and the one of before both open after their keys were replaced, and are found in order', async () => {
    const { id, password } = await create();
    await update(id, {}, { password: value() });
    const state = (await database()).collection(ciphertexts);
    const before = await state.distinct('dataKey', { credential: id });
    await installation.send(rotateKeys, { what: 'all' }, { waitMs: 60_000 });
    await waitFor('both secrets are under the new data key', async () => {
      const now = await state.distinct('dataKey', { credential: id });
      return !now.some((key) => before.includes(key));
    });
    await report(id, 2, wrong);
    expect(await installation.lease(id)).toMatchObject({ secretVersion: 1, fields: { password } });
    const { outcome } = await installation.send(verifyKeys, {}, { waitMs: 60_000 });
    expect(outcome).toMatchObject({ status: 'done', result: { unreadable: 0, faults: [] } });
  });

  it('has no end until somebody says so', async () => {
    const { id } = await create();
    const owner = { name: 'Ada Example', email: 'ada@example.com' };
    await update(id, { owner, expiresAt: '2027-01-31T00:00:00.000Z' });
    expect(await stored(id)).toMatchObject({ owner, expiresAt: '2027-01-31T00:00:00.000Z', secretVersion: 1 });
    await update(id, {}, { password: value() });
    expect(await stored(id)).toMatchObject({ owner, expiresAt: null });
  });
});
