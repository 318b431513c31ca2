import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CredentialRecord, IntegrationRecord, Preview, PreviewLine, RunRecord } from '@rollcall/contracts';
import { runEndStates } from '@rollcall/contracts';
import { waitFor } from '@rollcall/testing';

import { Installation } from './installation.js';
import { Rest } from './rest.js';

describe('a prepared administrator', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.start({
      services: ['gateway', 'credential-vault', 'sync-runner', 'mapping'],
      simulator: { company: 'load:50', vendors: ['jumpcloud'] },
    });
  }, 120_000);

  afterAll(async () => {
    await installation.stop();
  }, 60_000);

  it('gets from ADD over a preview to a finished run with at most ten API calls (R20)', async () => {
    const rest = new Rest(installation.gatewayUrl, installation.apiKey);
    let calls = 0;
    const call = async <Body>(method: 'GET' | 'POST', path: string, status: number, body?: unknown): Promise<Body> => {
      calls += 1;
      const reply = await rest.request<Body>(method, path, { body });
      expect(reply).toMatchObject({ status });
      return reply.body;
    };
    const access = installation.vendors.find(({ connector }) => connector === 'jumpcloud')!;
    const { type, baseUrl, fields } = access;
    const credential = await call<CredentialRecord>('POST', '/credentials', 201, {
      name: 'JumpCloud key',
      connector: 'jumpcloud',
      type,
      baseUrl,
      fields,
      ownUsers: [],
    });
    const integration = await call<IntegrationRecord>('POST', '/integrations', 201, {
      connector: 'jumpcloud',
      name: 'JumpCloud',
      credential: credential.id,
      deactivate: true,
    });
    // A list with its state is looked at until it is there; each look here counts as the one call that a page makes.
    const ended = async (id: string): Promise<RunRecord> => {
      calls += 1;
      return waitFor(`the end of run ${id}`, async () => {
        const { body } = await rest.request<RunRecord>('GET', `/runs/${id}`);
        return runEndStates.includes(body.state) && body;
      });
    };
    const preview = await call<RunRecord>('POST', `/integrations/${integration.id}/previews`, 201);
    await ended(preview.id);
    const foretold = await call<Preview>('GET', `/runs/${preview.id}/preview`, 200);
    const users = foretold.accounts.create;
    expect(foretold).toMatchObject({
      run: { state: 'completed', scope: 'preview', counts: { created: users } },
      accounts: { update: 0, reactivate: 0, deactivate: 0 },
      people: { create: users },
      needsDecision: 0,
      notApplicable: null,
    });
    expect(users).toBeGreaterThan(5);
    const { items } = await call<{ items: PreviewLine[] }>(
      'GET',
      `/runs/${preview.id}/preview/lines?kind=account`,
      200,
    );
    expect(items[0]).toMatchObject({ action: 'create', isNewPerson: true, rule: { code: 'no-match' } });
    const nobodyYet = await rest.request<{ items: unknown[] }>('GET', '/people');
    expect(nobodyYet.body.items).toEqual([]);

    await call('POST', `/integrations/${integration.id}/launch`, 200);
    const run = await call<RunRecord>('POST', `/runs/${preview.id}/apply`, 201);
    expect(await ended(run.id)).toMatchObject({ state: 'completed', counts: { created: users, skipped: 0 } });
    expect(calls).toBeLessThanOrEqual(10);
    const people = await rest.request<{ page: { total: number } }>('GET', '/people?include=total&limit=1');
    expect(people.body.page.total).toBe(users);
  }, 120_000);
});
