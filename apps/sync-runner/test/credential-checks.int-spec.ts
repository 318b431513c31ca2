import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { credentials } from '@rollcall/collections';
import {
  checkCredential,
  checkIntegration,
  createIntegration,
  type CredentialRecord,
  type CredentialTest,
  type InputOf,
  launchIntegration,
  reportCredential,
  updateIntegration,
} from '@rollcall/contracts';
import { sentCommands, waitFor } from '@rollcall/testing';

import { credentialId, RunnerWorld, type WorldVendor } from './runner-world.js';
import { vaultBook } from './test-vault.js';

const jumpcloud: WorldVendor = {
  connector: 'jumpcloud',
  type: 'api-key',
  basePath: '/api',
  fields: ({ credentials: { jumpcloud: account } }) => Promise.resolve({ key: account.apiKey }),
};
/** Right in form, and no organization of the vendor. */
const wrongOrganization = { orgId: '000000000000000000000000' };
const rightOrganization = { orgId: '5f1b2c3d4e5f6a7b8c9d0e1f' };

let world: RunnerWorld;
beforeAll(async () => {
  world = await RunnerWorld.create(20, jumpcloud);
  await world.startRunner();
}, 90_000);
afterEach(async () => {
  world.simulator.control.clearFaults();
  await setCredential({ ownUsers: [], attention: null });
});
afterAll(async () => {
  await world.close();
}, 60_000);

async function setCredential(change: Partial<CredentialRecord>, id = credentialId): Promise<void> {
  await world.databases.collection(credentials).updateOne({ _id: id }, { $set: change });
}

/** Another credential of the same vendor, with this key. */
async function addCredential(id: string, key: string): Promise<void> {
  const model = (await world.databases.collection(credentials).findOne({ _id: credentialId }))!;
  await world.databases.collection(credentials).insertOne({ ...model, _id: id, name: `Name of ${id}` });
  vaultBook.materials.set(id, { ...vaultBook.materials.get(credentialId)!, credential: id, fields: { key } });
}

async function create(id: string, settings: Partial<InputOf<typeof createIntegration>> = {}): Promise<void> {
  const input = { id, connector: 'jumpcloud', load: null, name: `Name of ${id}`, credential: credentialId };
  await world.send(createIntegration, id, { ...input, ...settings });
  await world.register(id);
}

const launch = (id: string) => world.send(launchIntegration, id, { id });
const update = (id: string, change: Partial<InputOf<typeof updateIntegration>>) =>
  world.send(updateIntegration, id, { id, ifVersion: null, ...change });
const checklist = (id: string) => world.send(checkIntegration, id, { id });
const stateOf = async (id: string) => (await world.getIntegration(id)).state;

describe('a launch tries the credential', () => {
  it("and refuses a wrong one with the vendor's words, which the vault is told", async () => {
    await addCredential('wrong', 'test-wrong-key');
    await create('wrong-key', { credential: 'wrong' });
    await expect(launch('wrong-key')).rejects.toThrow(/credential-refused-by-vendor: .*JumpCloud/s);
    expect(await stateOf('wrong-key')).toBe('draft');
    const told = await waitFor('the report', async () => {
      const [report] = await sentCommands(world.environment.kafka, reportCredential);
      return report;
    });
    expect(told).toMatchObject({ credential: 'wrong', refused: { code: 'vendor-auth-rejected' } });
  }, 30_000);

  it('with the inputs of its integration', async () => {
    await create('elsewhere', { inputs: wrongOrganization });
    await expect(launch('elsewhere')).rejects.toThrow(/credential-refused-by-vendor: .*Organization not found/s);
    await update('elsewhere', { inputs: rightOrganization });
    await launch('elsewhere');
    expect(await stateOf('elsewhere')).toBe('active');
  }, 30_000);

  it('and asks nobody while something else is missing', async () => {
    const before = vaultBook.purposes.length;
    await world.send(createIntegration, 'unready', {
      id: 'unready',
      connector: 'jumpcloud',
      load: null,
      name: 'Unready',
    });
    await expect(launch('unready')).rejects.toThrow('integration-not-ready');
    expect(vaultBook.purposes.length).toBe(before);
  }, 30_000);

  it('and an active integration takes no other credential that does not work', async () => {
    await addCredential('stale', 'test-stale-key');
    await create('changing');
    await launch('changing');
    await expect(update('changing', { credential: 'stale' })).rejects.toThrow('credential-refused-by-vendor');
    expect((await world.getIntegration('changing')).credential).toBe(credentialId);
  }, 30_000);

  it('which the checklist shows as refused from then on, until it works', async () => {
    await create('marked');
    const message = 'JumpCloud did not accept the key.';
    await setCredential({ attention: { code: 'vendor-auth-rejected', message, at: '2026-11-20T10:00:00.000Z' } });
    const refused = await checklist('marked');
    expect(refused.ready).toBe(false);
    expect(refused.items.find(({ code }) => code === 'credential')).toMatchObject({
      ok: false,
      gaps: [expect.stringContaining(message)],
    });
    await launch('marked');
    expect(await stateOf('marked')).toBe('active');
  }, 30_000);
});

describe('a test of a credential', () => {
  const test = (input: Omit<InputOf<typeof checkCredential>, 'credential'>, credential = credentialId) =>
    world.send(checkCredential, credential, { credential, ...input });

  it('sends the inputs of the integration that it is asked about', async () => {
    await create('right', { inputs: rightOrganization });
    await create('wrong-org', { inputs: wrongOrganization });
    expect(await test({ integration: 'right' })).toMatchObject({ ok: true });
    expect(await test({ integration: 'wrong-org' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('Organization not found'),
    });
    await expect(test({ integration: 'nothing' })).rejects.toThrow('integration-not-found');
  }, 30_000);

  it('sends inputs that no integration has yet, checked as those of an integration are', async () => {
    expect(await test({ inputs: rightOrganization })).toMatchObject({ ok: true });
    expect(await test({ inputs: wrongOrganization })).toMatchObject({ ok: false });
    await expect(test({ inputs: { organization: '1' } })).rejects.toThrow('invalid-inputs');
    await expect(test({ load: 'everything' })).rejects.toThrow('unknown-load');
  }, 30_000);

  it('sends those of the only integration that uses the credential', async () => {
    await addCredential('lonely', vaultBook.materials.get(credentialId)!.fields['key']!);
    expect(await test({}, 'lonely')).toMatchObject({ ok: true });
    await create('only-user', { credential: 'lonely', inputs: wrongOrganization });
    expect(await test({}, 'lonely')).toMatchObject({ ok: false });
    await create('second-user', { credential: 'lonely' });
    expect(await test({}, 'lonely')).toMatchObject({ ok: true });
  }, 30_000);
});

describe('a test, step by step', () => {
  const test = (input: Omit<InputOf<typeof checkCredential>, 'credential'>, credential = credentialId) =>
    world.send(checkCredential, credential, { credential, ...input });
  const statesOf = ({ steps }: CredentialTest) => steps.map(({ step, state }) => `${step} ${state}`);
  const requests = () => world.simulator.control.ledger().filter(({ kind }) => kind === 'request').length;

  it('reads one page and one user of it, and tells of each step', async () => {
    expect(statesOf(await test({}))).toEqual([
      'reach passed',
      'tls passed',
      'sign-in passed',
      'list passed',
      'permissions passed',
    ]);
  }, 30_000);

  it('stops at the host that cannot be reached, without a lease', async () => {
    await addCredential('elsewhere', 'example-key');
    await setCredential({ baseUrl: 'http://127.0.0.1:9/api' }, 'elsewhere');
    const leases = vaultBook.purposes.length;
    const result = await test({}, 'elsewhere');
    expect(result).toMatchObject({ ok: false, code: 'vendor-unreachable' });
    expect(statesOf(result).slice(0, 3)).toEqual(['reach failed', 'tls not-tried', 'sign-in not-tried']);
    expect(vaultBook.purposes).toHaveLength(leases);
  }, 30_000);

  it('of a draft uses what the vault keeps of it, and tells nobody', async () => {
    const material = vaultBook.materials.get(credentialId)!;
    const { baseUrl } = material;
    vaultBook.materials.set('a-draft', { ...material, credential: 'a-draft', fields: { key: 'test-wrong-key' } });
    const before = requests();
    const draft = { connector: 'jumpcloud', baseUrl, consentUrl: null };
    const result = await test({ draft }, 'a-draft');
    expect(result).toMatchObject({ ok: false, code: 'vendor-auth-rejected' });
    expect(result.message).not.toContain('a-draft');
    expect(requests()).toBeGreaterThan(before);
    await expect(test({ draft: { ...draft, connector: 'nobody' } }, 'a-draft')).rejects.toThrow('unknown-connector');
    await expect(test({ draft, load: 'everything' }, 'a-draft')).rejects.toThrow('unknown-load');
  }, 30_000);

  it('that goes well is told to the vault while a secret of before is kept', async () => {
    await addCredential('renewed', vaultBook.materials.get(credentialId)!.fields['key']!);
    await test({}, 'renewed');
    await setCredential({ previous: { secretVersion: 1, secretFields: ['key'] } }, 'renewed');
    await test({}, 'renewed');
    const told = await waitFor('the report', async () => {
      const found = await reportsOf('renewed');
      return found.length > 0 && found;
    });
    // Messages keep their order: of the first test, and of the draft before it, nobody was told.
    expect(told).toEqual([null]);
    expect(await reportsOf('a-draft')).toEqual([]);
  }, 30_000);

  /** What the vault was told of a credential. */
  async function reportsOf(id: string): Promise<unknown[]> {
    const reports = await sentCommands(world.environment.kafka, reportCredential);
    return reports.filter(({ credential }) => credential === id).map(({ refused }) => refused);
  }
});

describe("a credential's own users", () => {
  it('must be answered for before an integration deactivates, and are only asked about before', async () => {
    await setCredential({ ownUsers: null });
    await create('asking');
    const asked = (await checklist('asking')).items.find(({ code }) => code === 'own-users');
    expect(asked).toMatchObject({ ok: true, gaps: [], hints: [expect.stringMatching(/JumpCloud.*ownUsers/)] });
    await update('asking', { deactivate: true });
    const missing = (await checklist('asking')).items.find(({ code }) => code === 'own-users');
    expect(missing).toMatchObject({ ok: false, gaps: [expect.stringMatching(/ownUsers/)], hints: [] });
    await expect(launch('asking')).rejects.toThrow(/integration-not-ready.*belongs to/s);
    await setCredential({ ownUsers: [] });
    await launch('asking');
    expect(await stateOf('asking')).toBe('active');
  }, 30_000);

  it('must be answered for when an active integration begins to deactivate', async () => {
    await setCredential({ ownUsers: null });
    await create('beginning');
    await launch('beginning');
    await expect(update('beginning', { deactivate: true })).rejects.toThrow(/integration-not-ready.*ownUsers/s);
    await update('beginning', { name: 'Beginning anew' });
    await setCredential({ ownUsers: ['4711'] });
    await update('beginning', { deactivate: true });
    expect((await world.getIntegration('beginning')).deactivate.enabled).toBe(true);
  }, 30_000);

  it('stop no run of an integration that was active before they were asked about', async () => {
    await create('older', { deactivate: true });
    await launch('older');
    await setCredential({ ownUsers: null });
    const run = await world.start('older');
    await world.map(run);
    expect(await world.ended(run)).toMatchObject({ state: 'completed' });
  }, 30_000);

  it('are pinned by START, as they are compared', async () => {
    await create('pinned');
    await launch('pinned');
    await setCredential({ ownUsers: ['Service@Example.com', '4711'] });
    const run = await world.start('pinned');
    await world.map(run);
    await world.ended(run);
    const [start] = await world.sent('pinned');
    expect(start!.message).toMatchObject({ k: 'start', pinned: { ownUsers: ['4711', 'service@example.com'] } });
  }, 30_000);
});
