import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apps, integrations } from '@rollcall/collections';
import {
  checkCredential,
  checkIntegration,
  cloneIntegration,
  createIntegration,
  deleteIntegration,
  type InputOf,
  launchIntegration,
  pauseIntegration,
  registerIntegration,
  updateIntegration,
} from '@rollcall/contracts';
import { sentCommands, waitFor } from '@rollcall/testing';

import { credentialId, RunnerWorld } from './runner-world.js';
import { vaultBook } from './test-vault.js';

describe('integrations', () => {
  let world: RunnerWorld;

  beforeAll(async () => {
    world = await RunnerWorld.create(20);
    await world.startRunner();
  }, 90_000);

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const create = (id: string, settings: Partial<InputOf<typeof createIntegration>> = {}) =>
    world.send(createIntegration, id, { id, connector: 'lastpass', load: null, name: `Name of ${id}`, ...settings });

  it('begin as drafts on partitions and priorities of their own (A5)', async () => {
    const made = [await create('first'), await create('second'), await create('third')].map(
      ({ integration }) => integration,
    );
    expect(made.map(({ state }) => state)).toEqual(['draft', 'draft', 'draft']);
    expect(new Set(made.map(({ partition }) => partition)).size).toBe(3);
    expect(made.map(({ priority }) => priority)).toEqual([10, 20, 30]);
  }, 30_000);

  it.each<[string, Partial<InputOf<typeof createIntegration>>, string]>([
    ['connector', { connector: 'nothing' }, 'unknown-connector'],
    ['load', { load: 'everything' }, 'unknown-load'],
    ['schedule', { schedule: { cron: '99 2 * * *', zone: 'UTC' } }, 'invalid-schedule'],
    ['input', { inputs: { secret: 'x' } }, 'invalid-inputs'],
    ['name', { name: 'Name of first' }, 'name-taken'],
    ['switch for Create only', { deactivate: true, preference: 'create-only' }, 'settings-contradict'],
    ['switch for User only', { deactivate: true, content: 'user' }, 'settings-contradict'],
    ['credential', { credential: 'unknown' }, 'credential-not-usable'],
    ['credential of another connector', { connector: 'jumpcloud', credential: credentialId }, 'credential-not-usable'],
  ])(
    'are refused with a wrong %s',
    async (_name, settings, code) => {
      await expect(create(`wrong-${code}`, settings)).rejects.toThrow(code);
    },
    30_000,
  );

  it('are not launched before everything is there, and each gap is named (R85)', async () => {
    await create('gaps');
    await expect(world.send(launchIntegration, 'gaps', { id: 'gaps' })).rejects.toThrow(
      /integration-not-ready.*credential.*mapping/s,
    );
    await world.send(updateIntegration, 'gaps', { id: 'gaps', ifVersion: 1, credential: credentialId });
    await expect(world.send(launchIntegration, 'gaps', { id: 'gaps' })).rejects.toThrow(
      /^(?!.*no credential).*mapping/s,
    );
    await world.register('gaps');
    const { integration } = await world.send(launchIntegration, 'gaps', { id: 'gaps' });
    expect(integration.state).toBe('active');
    expect(Date.parse(integration.nextRunAt!)).toBeGreaterThan(Date.now());
  }, 30_000);

  it('change one setting at a time, against the version that was looked at (R24)', async () => {
    await create('edited', { contacts: [{ name: 'Ann', email: 'ann@example.com' }] });
    const { integration } = await world.send(updateIntegration, 'edited', {
      id: 'edited',
      ifVersion: 1,
      preference: 'update-only',
    });
    expect(integration).toMatchObject({ version: 2, preference: 'update-only', contacts: [{ name: 'Ann' }] });
    await expect(world.send(updateIntegration, 'edited', { id: 'edited', ifVersion: 1, name: 'Late' })).rejects.toThrow(
      'version-conflict',
    );
  }, 30_000);

  it('show their users under another entry of Software > SaaS when one is chosen (R29)', async () => {
    await create('own-app', { credential: credentialId });
    await world.register('own-app');
    await expect(
      world.send(updateIntegration, 'own-app', { id: 'own-app', ifVersion: null, app: 'no-such-app' }),
    ).rejects.toThrow(/app-not-found.*saas-apps/);
    const other = {
      name: 'Other',
      category: 'Test',
      connector: 'lastpass',
      linkedBy: 'person' as const,
      createdAt: new Date(),
    };
    await world.databases.collection(apps).insertMany([
      { _id: 'other-app', ...other },
      { ...other, _id: 'unlinked', name: 'By hand', connector: null },
    ]);
    await expect(
      world.send(updateIntegration, 'own-app', { id: 'own-app', ifVersion: null, app: 'unlinked' }),
    ).rejects.toThrow(/app-not-linked.*Link it/);
    await world.send(updateIntegration, 'own-app', { id: 'own-app', ifVersion: null, app: 'other-app' });
    await world.send(launchIntegration, 'own-app', { id: 'own-app' });
    const run = await world.start('own-app');
    await world.map(run);
    await world.ended(run);
    const [start] = await world.sent('own-app');
    expect(start!.message).toMatchObject({ k: 'start', pinned: { app: 'other-app' } });
  }, 30_000);

  it('are taken away with a word to whoever watches, but not while a run is open', async () => {
    await world.integration('leaving');
    const run = await world.start('leaving');
    await expect(world.send(deleteIntegration, 'leaving', { id: 'leaving', data: 'clean' })).rejects.toThrow(
      /integration-running.*cancel it/,
    );
    await world.map(run);
    await world.ended(run);
    expect(await world.send(deleteIntegration, 'leaving', { id: 'leaving', data: 'clean' })).toMatchObject({
      id: 'leaving',
    });
    expect(await world.getIntegration('leaving')).toBeNull();
    expect(await world.getRun(run)).toMatchObject({ state: 'completed' });
    await waitFor('the event', async () =>
      (await world.runEvents()).find(({ type }) => type === 'integration.deleted'),
    );
    await expect(world.start('leaving')).rejects.toThrow('integration-not-found');
    await expect(world.send(deleteIntegration, 'leaving', { id: 'leaving', data: 'clean' })).rejects.toThrow(
      'integration-not-found',
    );
  }, 30_000);

  it('are cloned as drafts with all settings but name, priority and Deactivate, and the mapping of their model', async () => {
    await create('model', {
      credential: credentialId,
      preference: 'update-only',
      deactivate: true,
      deactivationLimit: { percent: 3, atLeast: 2, atMost: 9, weeklyPercent: 10 },
      contacts: [{ name: 'Ann', email: 'ann@example.com' }],
    });
    const clone = { id: 'twin', source: 'model', name: 'Twin of model' };
    const { integration } = await world.send(cloneIntegration, 'twin', clone);
    expect(integration).toMatchObject({
      state: 'draft',
      name: 'Twin of model',
      credential: credentialId,
      preference: 'update-only',
      deactivate: { enabled: false, onHold: false },
      deactivationLimit: { percent: 3 },
      contacts: [{ name: 'Ann' }],
    });
    const model = await world.getIntegration('model');
    expect([integration.priority === model.priority, integration.partition === model.partition]).toEqual([
      false,
      false,
    ]);
    const registered = await waitFor('the clone at mapping', async () => {
      const sent = await sentCommands(world.environment.kafka, registerIntegration);
      return sent.find(({ integration }) => integration === 'twin');
    });
    expect(registered).toMatchObject({ mappingOf: 'model' });
    await expect(world.send(cloneIntegration, 'other', { ...clone, id: 'other' })).rejects.toThrow('name-taken');
    await expect(world.send(cloneIntegration, 'x', { id: 'x', source: 'none', name: 'X' })).rejects.toThrow(
      'integration-not-found',
    );
  }, 30_000);

  it('say what they have and what they still need, thing by thing (R85)', async () => {
    await create('checked');
    const before = await world.send(checkIntegration, 'checked', { id: 'checked' });
    expect(before).toMatchObject({ ready: false });
    expect(before.items.filter(({ ok }) => !ok).map(({ code }) => code)).toEqual(['credential', 'mapping']);
    expect(before.items.find(({ code }) => code === 'credential')!.gaps[0]).toMatch(/no credential\. Choose/);
    await world.send(updateIntegration, 'checked', { id: 'checked', ifVersion: null, credential: credentialId });
    await world.register('checked');
    const after = await world.send(checkIntegration, 'checked', { id: 'checked' });
    expect(after).toMatchObject({ ready: true });
    expect(after.items.every(({ ok, gaps }) => ok && gaps.length === 0)).toBe(true);
  }, 30_000);

  it('move their next run with the schedule, and have none while paused (R55, R86)', async () => {
    await world.integration('moved');
    const schedule = { cron: '0 12 1 1 *', zone: 'UTC' };
    const { integration } = await world.send(updateIntegration, 'moved', { id: 'moved', ifVersion: null, schedule });
    expect(integration.nextRunAt).toMatch(/-01-01T12:00:00.000Z$/);
    const paused = await world.send(pauseIntegration, 'moved', { id: 'moved' });
    expect(paused.integration).toMatchObject({ state: 'paused', nextRunAt: null });
    await expect(world.start('moved')).rejects.toThrow('integration-not-active');
    await expect(world.send(pauseIntegration, 'moved', { id: 'moved' })).rejects.toThrow('integration-not-active');
  }, 30_000);

  it('take no edit that leaves Deactivate without effect, but any other edit of what was saved before', async () => {
    await create('switches', { deactivate: true });
    const edit = (settings: Partial<InputOf<typeof updateIntegration>>) =>
      world.send(updateIntegration, 'switches', { id: 'switches', ifVersion: null, ...settings });
    await expect(edit({ preference: 'create-only' })).rejects.toThrow('settings-contradict');
    await expect(edit({ content: 'user' })).rejects.toThrow('settings-contradict');
    await edit({ preference: 'create-only', deactivate: false });
    await expect(edit({ deactivate: true })).rejects.toThrow('settings-contradict');

    const set = { 'deactivate.enabled': true };
    await world.databases.collection(integrations).updateOne({ _id: 'switches' }, { $set: set });
    expect((await edit({ name: 'Switches, renamed' })).integration.name).toBe('Switches, renamed');
  }, 30_000);

  it('show their users under no application of another vendor', async () => {
    const app = { name: 'Elsewhere', category: 'Test', connector: 'jumpcloud', linkedBy: 'auto' as const };
    await world.databases.collection(apps).insertOne({ _id: 'elsewhere', ...app, createdAt: new Date() });
    await expect(create('stray', { app: 'elsewhere' })).rejects.toThrow('app-of-another-connector');
  }, 30_000);

  it('tell mapping of name, priority and authority, and of nothing else (D1)', async () => {
    await create('told');
    await world.send(updateIntegration, 'told', { id: 'told', ifVersion: null, preference: 'create-only' });
    await world.send(updateIntegration, 'told', { id: 'told', ifVersion: null, authoritative: true });
    const versions = await waitFor('both commands', async () => {
      const sent = await sentCommands(world.environment.kafka, registerIntegration);
      const told = sent.filter(({ integration }) => integration === 'told').map(({ version }) => version);
      return told.length >= 2 && told.sort();
    });
    expect(versions).toEqual([1, 3]);
  }, 30_000);

  it('have credentials that can be tried, under a lease for that purpose (R10)', async () => {
    const accepted = await world.send(checkCredential, credentialId, { credential: credentialId });
    expect(accepted).toMatchObject({ ok: true, code: null });
    expect(vaultBook.purposes.some(({ kind }) => kind === 'check')).toBe(true);
    const material = vaultBook.materials.get(credentialId)!;
    vaultBook.materials.set(credentialId, { ...material, fields: { username: '1', password: 'wrong-test-hash' } });
    try {
      const refused = await world.send(checkCredential, credentialId, { credential: credentialId });
      expect(refused).toMatchObject({ ok: false, code: 'vendor-auth-rejected' });
    } finally {
      vaultBook.materials.set(credentialId, material);
    }
    await expect(world.send(checkCredential, 'none', { credential: 'none' })).rejects.toThrow('credential-not-found');
  }, 60_000);
});
