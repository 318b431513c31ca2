import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  CredentialRecord,
  CredentialTest,
  IntegrationRecord,
  Page,
  PersonRecord,
  Problem,
  RunRecord,
} from '@rollcall/contracts';
import { runEndStates } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { Installation } from './installation.js';
import { Rest } from './rest.js';

let installation: Installation;
let rest: Rest;
beforeAll(async () => {
  installation = await Installation.start({
    services: ['gateway', 'credential-vault', 'sync-runner', 'mapping'],
    simulator: { company: 'load:30', vendors: ['lastpass', 'entra', 'lever', 'jumpcloud'] },
  });
  rest = new Rest(installation.gatewayUrl, installation.apiKey);
}, 120_000);
afterAll(async () => {
  await installation.stop();
}, 60_000);

async function call<Body>(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: unknown) {
  const reply = await rest.request<Body>(method, path, { body });
  if (reply.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(reply)}`);
  return reply.body;
}

async function credentialOf(connector: string, settings: object = {}): Promise<CredentialRecord> {
  const { type, baseUrl, fields } = installation.vendors.find((vendor) => vendor.connector === connector)!;
  const name = `${connector} ${Math.random()}`;
  return call('POST', '/credentials', { name, connector, type, baseUrl, fields, ...settings });
}

async function integrationOf(connector: string, settings: object): Promise<IntegrationRecord> {
  return call('POST', '/integrations', { connector, name: `${connector} ${Math.random()}`, ...settings });
}

async function runOf(integration: string): Promise<RunRecord> {
  const { id } = await call<RunRecord>('POST', `/integrations/${integration}/runs`);
  return waitFor(`the end of run ${id}`, async () => {
    const run = await call<RunRecord>('GET', `/runs/${id}`);
    return runEndStates.includes(run.state) && run;
  });
}

const tested = (id: string, body?: object) => call<CredentialTest>('POST', `/credentials/${id}/test`, body);
const change = (id: string, body: object) => call<CredentialRecord>('PATCH', `/credentials/${id}`, body);

describe('a secret that is rotated', () => {
  it('keeps the other fields, so that the credential works as before', async () => {
    const { id, secretFields } = await credentialOf('entra');
    const { clientSecret } = installation.simulator.credentials.entra;
    expect(await tested(id)).toMatchObject({ ok: true });
    expect(await change(id, { fields: { clientSecret: 'test-wrong', tenantId: '[secret]' } })).toMatchObject({
      secretVersion: 2,
    });
    expect(await tested(id)).toMatchObject({ ok: false, code: 'token-refused' });
    const { secretFields: after } = await change(id, { fields: { clientSecret } });
    expect([...after].sort()).toEqual([...secretFields].sort());
    expect(after).toContain('tokenUrl');
    await waitFor('the pause between two tokens', async () => (await tested(id)).ok, 30_000);
  }, 60_000);

  it('keeps the optional account number and hash of a vendor that is asked with them', async () => {
    const { cid, provhash } = installation.simulator.credentials.lastpass;
    const fields = { username: 'service@example.com', password: 'test-password', cid, provhash };
    const { id } = await credentialOf('lastpass', { fields });
    await change(id, { fields: { password: 'test-newer-password' } });
    expect(await tested(id)).toMatchObject({ ok: true });
    const { secretFields } = await change(id, { fields: { cid: null, provhash: null } });
    expect(secretFields).toEqual(['username', 'password']);
    expect(await tested(id)).toMatchObject({ ok: false, code: 'vendor-auth-rejected' });
  }, 60_000);

  it('and is wrong stops no run while the one of before works, and ends that when it works itself', async () => {
    const { id } = await credentialOf('jumpcloud', { ownUsers: [] });
    const { id: integration } = await integrationOf('jumpcloud', { credential: id });
    await call('POST', `/integrations/${integration}/launch`);
    await change(id, { fields: { key: 'test-wrong-key' } });
    expect(await runOf(integration)).toMatchObject({ state: 'completed', counts: { read: 30 } });
    expect(await call<CredentialRecord>('GET', `/credentials/${id}`)).toMatchObject({
      secretVersion: 2,
      previous: { secretVersion: 1 },
      attention: { message: expect.stringContaining('The secret of before is used') },
    });
    await change(id, { fields: { key: installation.simulator.credentials.jumpcloud.apiKey } });
    expect(await runOf(integration)).toMatchObject({ state: 'completed' });
    await waitFor('the end of the secret of before', async () => {
      const { previous, attention } = await call<CredentialRecord>('GET', `/credentials/${id}`);
      return previous === null && attention === null;
    });
  }, 90_000);

  it('is entered whole when its host changes', async () => {
    const { id } = await credentialOf('jumpcloud');
    const reply = await rest.request<Problem>('PATCH', `/credentials/${id}`, {
      body: { baseUrl: 'https://collector.example.org' },
    });
    expect(reply).toMatchObject({ status: 422, body: { code: 'host-needs-secret' } });
  });
});

describe('a credential that is tried before it is stored', () => {
  const tryDraft = (connector: string, settings: object = {}) => {
    const { type, baseUrl, fields } = installation.vendors.find((vendor) => vendor.connector === connector)!;
    return call<CredentialTest>('POST', '/credential-tests', { connector, type, baseUrl, fields, ...settings });
  };
  const statesOf = ({ steps }: CredentialTest) => steps.map(({ state }) => state);

  it.each(['lastpass', 'entra', 'lever', 'jumpcloud'])(
    'tells each step of %s, and is stored nowhere',
    async (vendor) => {
      const before = await call<Page<CredentialRecord>>('GET', '/credentials');
      const result = await tryDraft(vendor);
      expect(result).toMatchObject({ ok: true, code: null });
      expect(statesOf(result)).toEqual(['passed', 'passed', 'passed', 'passed', 'passed']);
      expect(await call<Page<CredentialRecord>>('GET', '/credentials')).toEqual(before);
    },
    60_000,
  );

  it("stops at signing in with the vendor's words when the secret is wrong", async () => {
    const result = await tryDraft('jumpcloud', { fields: { key: 'test-wrong-key' } });
    expect(result).toMatchObject({ ok: false, code: 'vendor-auth-rejected' });
    expect(statesOf(result)).toEqual(['passed', 'passed', 'failed', 'not-tried', 'not-tried']);
  }, 60_000);

  it('stops at the host when nobody is there', async () => {
    const result = await tryDraft('jumpcloud', { baseUrl: 'http://127.0.0.1:9' });
    expect(statesOf(result)).toEqual(['failed', 'not-tried', 'not-tried', 'not-tried', 'not-tried']);
  }, 60_000);

  it('works in Advanced Mode as from the form of the connector', async () => {
    const advanced = { advanced: true, type: 'api-key' };
    const key = installation.simulator.credentials.jumpcloud.apiKey;
    const fields = { tokenName: 'x-api-key', key, addTo: 'header' };
    expect(await tryDraft('jumpcloud', { ...advanced, fields })).toMatchObject({ ok: true });
    expect(await tryDraft('jumpcloud', { ...advanced, fields: { ...fields, addTo: 'query' } })).toMatchObject({
      ok: false,
      code: 'vendor-auth-rejected',
    });
    const { id } = await credentialOf('jumpcloud', { ...advanced, fields });
    const { id: integration } = await integrationOf('jumpcloud', { credential: id });
    await call('POST', `/integrations/${integration}/launch`);
    expect(await runOf(integration)).toMatchObject({ state: 'completed', counts: { read: 30 } });
    expect(await call('GET', `/credentials/${id}/uses`)).toMatchObject({ integrations: [{ id: integration }] });
  }, 90_000);
});

describe('a credential', () => {
  it('that the vendor refuses launches nothing, and says so in the checklist', async () => {
    const { id } = await credentialOf('jumpcloud', { fields: { key: 'test-wrong-key' } });
    const integration = await integrationOf('jumpcloud', { credential: id });
    const reply = await rest.request<Problem>('POST', `/integrations/${integration.id}/launch`);
    expect(reply).toMatchObject({ status: 422, body: { code: 'credential-refused-by-vendor' } });
    const gap = await waitFor('the mark', async () => {
      const { items } = await call<{ items: { code: string; gaps: string[] }[] }>(
        'GET',
        `/integrations/${integration.id}/checklist`,
      );
      return items.find(({ code }) => code === 'credential')!.gaps[0];
    });
    expect(gap).toMatch(/The vendor refused its credential/);
  }, 60_000);

  it('that an integration uses is not deleted, and names it', async () => {
    const { id } = await credentialOf('jumpcloud');
    const { id: integration, name } = await integrationOf('jumpcloud', { credential: id });
    const refused = await rest.request<Problem>('DELETE', `/credentials/${id}`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'credential-in-use' } });
    expect(refused.body.detail).toContain(name);
    await call('DELETE', `/integrations/${integration}`);
    expect(await call('DELETE', `/credentials/${id}`)).toEqual({ id });
  }, 60_000);

  it('keeps its own user out of a sweep: the run is held and says whom it spared', async () => {
    const { accounts } = installation.simulator.control.company().vendors.lastpass!;
    const own = accounts.find(({ active, admin }) => active && !admin)!;
    const { id: credential } = await credentialOf('lastpass', { ownUsers: [own.username.toUpperCase()] });
    const { id } = await integrationOf('lastpass', { credential, deactivate: true });
    await call('POST', `/integrations/${id}/launch`);
    expect(await runOf(id)).toMatchObject({ state: 'completed' });
    installation.simulator.control.mutate([{ op: 'suspend', vendor: 'lastpass', id: own.id }]);
    const held = await runOf(id);
    expect(held).toMatchObject({ state: 'held', reason: { code: 'protected-account' } });
    expect(held.reason!.message).toContain(own.username);
  }, 60_000);
});

describe('users alone', () => {
  it('make no entry under Software > SaaS, until their integration brings SaaS users too (R25, R30)', async () => {
    const entries = async () => {
      const { items } = await call<Page<{ id: string; connector: string }>>('GET', '/saas-apps');
      return items.filter(({ connector }) => connector === 'lever').length;
    };
    const { id: credential } = await credentialOf('lever', { ownUsers: [] });
    const { id } = await integrationOf('lever', { credential, content: 'user' });
    await call('POST', `/integrations/${id}/launch`);
    expect(await runOf(id)).toMatchObject({ state: 'completed' });
    expect(await entries()).toBe(0);
    await call('PATCH', `/integrations/${id}`, { content: 'user-and-saas-user' });
    await waitFor('the entry', async () => (await entries()) === 1);
    expect(await runOf(id)).toMatchObject({ state: 'completed' });
    await call('DELETE', `/integrations/${id}?data=clean`);
  }, 60_000);
});

describe('values of the run', () => {
  it('are in the fields of people that they are mapped to, the same on all, another after each run (R77, R78)', async () => {
    const { id: credential, name } = await credentialOf('lever', { ownUsers: [] });
    const { id } = await integrationOf('lever', { credential });
    const path = `/integrations/${id}/mapping`;
    const { definition } = await call<{ definition: { entries: object[] } }>('GET', path);
    const field = { type: 'short-text', unique: false, required: false };
    await call('PUT', path, {
      definition: {
        ...definition,
        entries: [
          ...definition.entries,
          { to: 'lever_sync_time', from: { kind: 'tracking', name: 'sync-time' } },
          { to: 'lever_credential', from: { kind: 'tracking', name: 'credential-name' } },
        ],
      },
      newFields: [
        { ...field, variable: 'lever_sync_time', label: 'Lever Connector Sync Time' },
        { ...field, variable: 'lever_credential', label: 'Connect: Credentials' },
      ],
    });
    await call('POST', `/integrations/${id}/launch`);
    const timeAfter = async (run: RunRecord) => {
      expect(run).toMatchObject({ state: 'completed' });
      const { items } = await call<Page<PersonRecord>>('GET', '/people?limit=200');
      const seen = items.filter(({ values }) => values['lever_sync_time'] !== undefined);
      expect(seen).toHaveLength(run.counts!.read);
      const times = new Set(seen.map(({ values }) => values['lever_sync_time']));
      expect([...times]).toEqual([run.startedAt]);
      const { values } = await call<PersonRecord>('GET', `/people/${seen[0]!.id}`);
      expect(values).toMatchObject({ lever_sync_time: run.startedAt, lever_credential: name });
      return run.startedAt;
    };
    const first = await timeAfter(await runOf(id));
    expect(await timeAfter(await runOf(id))).not.toBe(first);
    const refused = await rest.request<Problem>('GET', '/people?filter=lever_sync_time%20pr');
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-filter' } });
  }, 60_000);
});
