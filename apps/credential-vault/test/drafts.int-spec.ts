import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ciphertexts, credentials, drafts } from '@rollcall/collections';
import { draftCredential, type InputOf } from '@rollcall/contracts';

import { dumpDatabases, Installation } from './installation.js';

jest.setTimeout(60_000);

describe('a credential that is tried before it is stored', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
    await installation.start();
  });
  afterAll(async () => {
    await installation.close();
  });

  const draft = async (secrets: Record<string, string>, overrides: Partial<InputOf<typeof draftCredential>> = {}) => {
    const id = randomUUID();
    const input = { id, connector: 'vendor-one', type: 'basic' as const, advanced: false, baseUrl: null, secrets: {} };
    const { outcome } = await installation.send(draftCredential, { ...input, ...overrides }, { secrets });
    return { id, outcome };
  };

  it('is leased to whoever tries it, and to nobody else', async () => {
    const secrets = { username: 'example-user', password: 'example-secret-of-a-draft' };
    const { id, outcome } = await draft(secrets);
    expect(outcome).toMatchObject({
      status: 'done',
      result: { draft: { id, baseUrl: 'https://api.one.example.com/v1' } },
    });
    expect(await installation.lease(id, { kind: 'check' })).toMatchObject({ fields: secrets, secretVersion: 1 });
    expect(await installation.lease(id)).toMatchObject({
      outcome: { status: 'refused', error: { code: 'credential-not-found' } },
    });
    const { databases } = await installation.as('gateway');
    expect(await databases.collection(credentials).countDocuments()).toBe(0);
    expect(await databases.collection(ciphertexts).countDocuments()).toBe(0);
    expect(await dumpDatabases(await installation.as('gateway'))).not.toContain(secrets.password);
  });

  it('ends after ten minutes', async () => {
    const { id } = await draft({ username: 'example-user', password: 'example-password' });
    const { databases } = await installation.as('gateway');
    const { removeAt } = (await databases.collection(drafts).findOne({ _id: id }))!;
    const left = removeAt.getTime() - databases.timeMs();
    expect(left).toBeLessThanOrEqual(10 * 60_000);
    expect(left).toBeGreaterThan(9 * 60_000);
    await databases.collection(drafts).updateOne({ _id: id }, { $set: { removeAt: new Date(Date.now() - 10_000) } });
    expect(await installation.lease(id, { kind: 'check' })).toMatchObject({ outcome: { status: 'refused' } });
  });

  it.each([
    ['a missing field', { username: 'example-user' }, {}, 'missing-secret'],
    ['an unknown field', { username: 'u', password: 'p', other: 'o' }, {}, 'unknown-secret'],
    [
      'an address without protocol',
      { username: 'u', password: 'p' },
      { baseUrl: 'api.example.com' },
      'host-not-allowed',
    ],
    ['a type that the vendor has not', { token: 't' }, { type: 'bearer' as const }, 'unknown-auth-scheme'],
  ])('is judged like one that is stored: %s', async (_, secrets, overrides, code) => {
    expect((await draft(secrets, overrides)).outcome).toMatchObject({ status: 'refused', error: { code } });
  });

  it('may have any type in Advanced Mode, and leases what that needs', async () => {
    const secrets = { tokenName: 'x-token', key: 'example-key', addTo: 'query', headers: 'X-Tenant: 7' };
    const { id, outcome } = await draft(secrets, { type: 'api-key', advanced: true });
    expect(outcome).toMatchObject({ status: 'done', result: { draft: { advanced: true } } });
    expect(await installation.lease(id, { kind: 'check' })).toMatchObject({ fields: secrets });
  });
});
