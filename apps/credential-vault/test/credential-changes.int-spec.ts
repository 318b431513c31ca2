import { randomBytes, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  ciphertexts,
  type CredentialDocument,
  credentials,
  type IntegrationDocument,
  integrations,
  type WorkflowDocument,
  workflows,
  type WorkflowVersionDocument,
  workflowVersions,
} from '@rollcall/collections';
import { createCredential, deleteCredential, type InputOf, requestLease, updateCredential } from '@rollcall/contracts';
import { generateSealKeyPair, openLease, unwrapSecret } from '@rollcall/secrets';

import { Installation } from './installation.js';

jest.setTimeout(60_000);

const value = (): string => `example-${randomBytes(6).toString('hex')}`;
const refusedWith = (code: string, message: RegExp = /./) => ({
  status: 'refused',
  error: { code, message: expect.stringMatching(message) },
});

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.create();
  await installation.start();
});
afterAll(async () => {
  await installation.close();
});

async function create(
  secrets: Record<string, string>,
  overrides: Partial<InputOf<typeof createCredential>> = {},
): Promise<string> {
  const id = randomUUID();
  const input = { id, name: `Credential ${id}`, connector: 'vendor-one', type: 'basic' as const, baseUrl: null };
  const { outcome } = await installation.send(createCredential, { ...input, secrets: {}, ...overrides }, { secrets });
  expect(outcome).toMatchObject({ status: 'done' });
  return id;
}

async function update(id: string, change: Partial<InputOf<typeof updateCredential>>, secrets?: Record<string, string>) {
  const input = { id, ifVersion: null, ...change };
  return (await installation.send(updateCredential, input, secrets ? { secrets } : {})).outcome;
}

async function stored(id: string): Promise<CredentialDocument> {
  const { databases } = await installation.as('gateway');
  return (await databases.collection(credentials).findOne({ _id: id }))!;
}

async function leased(credential: string): Promise<Record<string, string>> {
  const { publicKey, privateKey } = await generateSealKeyPair();
  const purpose = { kind: 'run' as const, reference: 'run-1' };
  const { outcome, commandId } = await installation.send(
    requestLease,
    { credential, purpose, publicKey, refused: null },
    { as: 'sync-runner' },
  );
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  const { fields } = await openLease({ privateKey, commandId, sealed: outcome.result.sealed });
  return Object.fromEntries(Object.entries(fields).map(([name, secret]) => [name, unwrapSecret(secret)]));
}

describe('a change of a credential', () => {
  it('keeps the fields that it does not name, optional ones too', async () => {
    const [username, note] = [value(), value()];
    const id = await create({ username, password: value(), note });
    const password = value();
    expect(await update(id, {}, { password })).toMatchObject({ status: 'done' });
    expect(await leased(id)).toEqual({ username, password, note });
    expect(await stored(id)).toMatchObject({ secretVersion: 2, secretFields: ['username', 'password', 'note'] });
  });

  it('keeps a field that comes back as its mask', async () => {
    const username = value();
    const id = await create({ username, password: value() });
    const password = value();
    expect(await update(id, {}, { username: '[secret]', password })).toMatchObject({ status: 'done' });
    expect(await leased(id)).toEqual({ username, password });
    expect(await update(id, {}, { username: '[secret]', password: '[secret]' })).toMatchObject({ status: 'done' });
    expect(await stored(id)).toMatchObject({ secretVersion: 2, version: 3 });
  });

  it('takes an optional field away when told to, and no required one', async () => {
    const [username, password] = [value(), value()];
    const id = await create({ username, password, note: value() });
    expect(await update(id, { removed: ['note'] })).toMatchObject({ status: 'done' });
    expect(await leased(id)).toEqual({ username, password });
    expect(await update(id, { removed: ['password'] })).toMatchObject(refusedWith('missing-secret', /Password/));
    expect(await update(id, { removed: ['pin'] })).toMatchObject(refusedWith('unknown-secret'));
    expect(await leased(id)).toEqual({ username, password });
  });

  it('leaves no ciphertext of the secret before behind, where that is to end', async () => {
    const id = await create({ username: value(), password: value() });
    await update(id, { keepPrevious: false }, { password: value() });
    const { databases } = await installation.as('gateway');
    const found = await databases.collection(ciphertexts).find({ credential: id }).toArray();
    expect(found.map(({ secretVersion }) => secretVersion)).toEqual([2, 2]);
  });

  it('keeps nothing that cannot be read any more, and says what to enter', async () => {
    const id = await create({ username: value(), password: value() });
    const { databases } = await installation.as('gateway');
    await databases.collection(ciphertexts).deleteOne({ _id: `${id}/1/username` });
    expect(await update(id, {}, { password: value() })).toMatchObject(
      refusedWith('unreadable-secret', /User name.*Enter it again/),
    );
    const secrets = { username: value(), password: value() };
    expect(await update(id, {}, secrets)).toMatchObject({ status: 'done' });
    expect(await leased(id)).toEqual(secrets);
  });

  it('keeps nothing on the way to another base URL (P21)', async () => {
    const id = await create({ username: value(), password: value(), note: value() });
    const baseUrl = 'https://collector.example.org';
    expect(await update(id, { baseUrl })).toMatchObject(refusedWith('host-needs-secret', /User name, Password, Note/));
    const most = { username: value(), password: value() };
    expect(await update(id, { baseUrl }, most)).toMatchObject(refusedWith('host-needs-secret', /Missing: Note/));
    expect(await stored(id)).toMatchObject({ baseUrl: 'https://api.one.example.com/v1', secretVersion: 1 });
    expect(await update(id, { baseUrl, removed: ['note'] }, most)).toMatchObject({ status: 'done' });
    expect(await leased(id)).toEqual(most);
  });

  it('keeps nothing on the way to another host of the token URL either, and everything on the same one (P21)', async () => {
    const type = 'oauth2-client-credentials' as const;
    const fields = {
      clientId: value(),
      clientSecret: value(),
      tokenUrl: 'https://tokens.example.net/one',
      scopes: 'a b',
    };
    const id = await create(fields, { connector: 'vendor-oauth', type });
    const elsewhere = 'https://collector.example.org/token';
    expect(await update(id, {}, { tokenUrl: elsewhere })).toMatchObject(
      refusedWith('host-needs-secret', /clientId, clientSecret, scopes/),
    );
    expect(await update(id, { removed: ['tokenUrl'] })).toMatchObject(refusedWith('host-needs-secret'));
    expect(await stored(id)).toMatchObject({ secretVersion: 1 });
    const same = await update(id, {}, { tokenUrl: 'https://tokens.example.net/two' });
    expect(same).toMatchObject({ status: 'done' });
    expect(await update(id, {}, { clientSecret: value() })).toMatchObject({ status: 'done' });
    expect(await stored(id)).toMatchObject({ secretFields: ['clientId', 'clientSecret', 'tokenUrl', 'scopes'] });
    const all = { clientId: value(), clientSecret: value(), tokenUrl: elsewhere, scopes: 'a' };
    expect(await update(id, {}, all)).toMatchObject({ status: 'done' });
  });
});

describe('the own users of a credential', () => {
  it('are kept as metadata, may be none, and stay when other things change', async () => {
    const id = await create({ username: value(), password: value() });
    expect(await stored(id)).toMatchObject({ ownUsers: null });
    expect(await update(id, { ownUsers: [] })).toMatchObject({ result: { credential: { ownUsers: [] } } });
    const ownUsers = ['4711', 'service@example.com'];
    await update(id, { ownUsers });
    await update(id, { name: `Renamed ${id}` }, { password: value() });
    expect(await stored(id)).toMatchObject({ ownUsers, secretVersion: 2 });
    const other = await create({ username: value(), password: value() }, { ownUsers });
    expect(await stored(other)).toMatchObject({ ownUsers });
  });

  it('are not answered for credentials of earlier versions', async () => {
    const id = await create({ username: value(), password: value() });
    const { databases } = await installation.as('gateway');
    await databases.collection(credentials).updateOne({ _id: id }, { $unset: { ownUsers: '' } });
    const outcome = await update(id, { name: `Renamed ${id}` });
    expect(outcome).toMatchObject({ result: { credential: { ownUsers: null } } });
  });
});

describe('a credential that is used', () => {
  const remove = async (id: string) => (await installation.send(deleteCredential, { id })).outcome;

  it('by an integration is not deleted, whatever state that is in', async () => {
    const id = await create({ username: value(), password: value() });
    const { databases } = await installation.as('gateway');
    const using = { _id: randomUUID(), name: 'Reads them', credential: id, state: 'draft' } as IntegrationDocument;
    await databases.collection(integrations).insertOne(using);
    expect(await remove(id)).toMatchObject(refusedWith('credential-in-use', /the integrations "Reads them"/));
    expect(await stored(id)).not.toBeNull();
    await databases.collection(integrations).deleteOne({ _id: using._id });
    expect(await remove(id)).toMatchObject({ status: 'done' });
  });

  it('by an active workflow is not deleted, be it by the version that runs or by the one that is edited', async () => {
    const [running, edited] = [
      await create({ username: value(), password: value() }),
      await create({ username: value(), password: value() }),
    ];
    const { databases } = await installation.as('gateway');
    const definition = (credential: string) => ({ blocks: [{ credential }] }) as WorkflowDocument['definition'];
    const workflow = randomUUID();
    await databases.collection(workflows).insertOne({
      _id: workflow,
      name: 'Offboards',
      state: 'active',
      activeVersion: 3,
      definition: definition(edited),
    } as WorkflowDocument);
    await databases.collection(workflowVersions).insertOne({
      _id: `${workflow}/3`,
      workflow,
      definition: definition(running),
    } as WorkflowVersionDocument);
    for (const id of [running, edited]) {
      expect(await remove(id)).toMatchObject(refusedWith('credential-in-use', /the active workflows "Offboards"/));
    }
    await databases.collection(workflows).updateOne({ _id: workflow }, { $set: { state: 'inactive' } });
    for (const id of [running, edited]) expect(await remove(id)).toMatchObject({ status: 'done' });
  });
});
