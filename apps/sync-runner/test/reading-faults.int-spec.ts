import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RawMessageOf } from '@rollcall/contracts';

import type { Fault, FaultPlan } from '../../vendor-simulator/src/index.js';
import { credentialId, RunnerWorld } from './runner-world.js';
import { vaultBook } from './test-vault.js';

/** Three pages of 500. */
const users = 1_400;

describe('a vendor that misbehaves', () => {
  let world: RunnerWorld;
  let number = 0;

  beforeAll(async () => {
    world = await RunnerWorld.create(users);
    await world.startRunner({ VAULT_WAIT_MS: '5000' });
  }, 90_000);

  afterEach(() => {
    world.simulator.control.clearFaults();
  });

  afterAll(async () => {
    await world.close();
  }, 60_000);

  const fresh = async () => {
    number += 1;
    const id = `fault-${number}`;
    await world.integration(id);
    return id;
  };

  const run = async (fault: Fault, match: FaultPlan['match'] = {}) => {
    // Launched before: a launch tries the credential, and would meet the fault itself.
    const integration = await fresh();
    world.simulator.control.addFaults([
      { vendor: 'lastpass', match: { operation: 'list', times: 'always', ...match }, fault },
    ]);
    const ended = await world.ended(await world.start(integration), 100_000);
    return { ended, kinds: await world.kinds(integration) };
  };

  it.each<[string, Fault, FaultPlan['match'], string]>([
    ['refuses the secret with status 200', { kind: 'auth-error' }, {}, 'vendor-auth-rejected'],
    ['refuses the secret on page 2', { kind: 'auth-error' }, { page: 2 }, 'vendor-auth-rejected'],
    ['answers a login page', { kind: 'html' }, { page: 2 }, 'vendor-answer-unreadable'],
    [
      'answers half a body that fits its length',
      { kind: 'cut-body', clean: true },
      { page: 3 },
      'vendor-answer-unreadable',
    ],
    ['forbids the call', { kind: 'status', status: 403 }, { page: 2 }, 'vendor-forbidden'],
    [
      'redirects',
      { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      {},
      'vendor-redirected',
    ],
    ['gives an empty page', { kind: 'empty-page' }, { page: 2 }, 'read-empty-page'],
    ['repeats a page', { kind: 'duplicate-page' }, { page: 2 }, 'read-page-repeated'],
  ])(
    'that %s ends the run in ABORT, failed with its reason',
    async (_name, fault, match, code) => {
      const { ended, kinds } = await run(fault, match);
      expect(ended).toMatchObject({ state: 'failed', reason: { code }, verdict: null, endSent: false });
      expect(ended.reason!.message.length).toBeGreaterThan(40);
      expect(kinds.at(0)).toBe('start');
      expect(kinds.at(-1)).toBe('abort');
      expect(kinds).not.toContain('end');
    },
    120_000,
  );

  it('that fails for ever on page 3 is asked again, then the run is aborted', async () => {
    const { ended, kinds } = await run({ kind: 'status', status: 500 }, { page: 3 });
    expect(ended).toMatchObject({ state: 'failed', reason: { code: 'vendor-unavailable' } });
    expect(kinds.at(-1)).toBe('abort');
  }, 120_000);

  it('whose total moves is read again twice under new generations, then aborted (A5, V14)', async () => {
    world.simulator.control.addFaults([
      {
        vendor: 'lastpass',
        match: { operation: 'list', page: 2, times: 'always' },
        fault: { kind: 'total', total: 9_999 },
      },
    ]);
    const integration = await fresh();
    const ended = await world.ended(await world.start(integration));
    expect(ended).toMatchObject({
      state: 'failed',
      reason: { code: 'read-total-moved' },
      refetches: 2,
      lostHolders: 0,
    });
    const sent = await world.sent(integration);
    const starts = sent.filter(({ message }) => message.k === 'start').map(({ message }) => message.g);
    expect(starts).toHaveLength(3);
    expect([...starts].sort((one, other) => one - other)).toEqual(starts);
    expect(sent.at(-1)!.message).toMatchObject({ k: 'abort', g: starts[2] });
  }, 60_000);

  it('whose total moves once is read completely the second time', async () => {
    world.simulator.control.addFaults([
      { vendor: 'lastpass', match: { operation: 'list', page: 2, times: 1 }, fault: { kind: 'total', total: 9_999 } },
    ]);
    const integration = await fresh();
    const id = await world.start(integration);
    await world.map(id);
    expect(await world.ended(id)).toMatchObject({ state: 'completed', refetches: 1, counts: { read: users } });
    const sent = await world.sent(integration);
    const last = sent.at(-1)!.message as RawMessageOf<'end'>;
    const second = sent.filter(({ message }) => message.g === last.g && message.k === 'records');
    const ids = second.flatMap(({ message }) => (message as RawMessageOf<'records'>).u.map((user) => user.id));
    expect(ids).toHaveLength(last.count);
  }, 60_000);

  it('is not called at all when the vault knows no such credential', async () => {
    const integration = await fresh();
    const material = vaultBook.materials.get(credentialId)!;
    vaultBook.materials.delete(credentialId);
    try {
      const ended = await world.ended(await world.start(integration));
      expect(ended).toMatchObject({ state: 'failed', reason: { code: 'credential-not-found' } });
      expect(await world.kinds(integration)).toEqual([]);
    } finally {
      vaultBook.materials.set(credentialId, material);
    }
  }, 60_000);

  it('that returns nobody holds the run, and nobody is swept (V12)', async () => {
    const empty = JSON.stringify({ total: 0, count: 0, Users: [] });
    const integration = await fresh();
    world.simulator.control.addFaults([
      { vendor: 'lastpass', match: { operation: 'list', times: 'always' }, fault: { kind: 'body', body: empty } },
    ]);
    const id = await world.start(integration);
    await world.map(id, { activeAtStart: 1_000 });
    expect(await world.ended(id)).toMatchObject({ state: 'held', reason: { code: 'empty-listing' } });
    expect(await world.kinds(integration)).toEqual(['start', 'end']);
  }, 60_000);

  it('is not called when the vault stays away; the run waits for it, then fails saying so', async () => {
    const integration = await fresh();
    await world.stopVault();
    const id = await world.start(integration);
    const ended = await world.ended(id);
    expect(ended).toMatchObject({ state: 'failed', reason: { code: 'vault-unavailable' } });
    expect(Date.parse(ended.endedAt!) - Date.parse(ended.plannedAt)).toBeGreaterThan(4_500);
    expect(await world.kinds(integration)).toEqual([]);
  }, 60_000);
});
