import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConnectorManifest } from '@rollcall/contracts';
import { SecretString } from '@rollcall/secrets';

import { KeptLeases } from './kept-leases.js';
import { leaseRefused } from './lease.errors.js';
import { type GrantedLease, VaultLease } from './vault-lease.js';

const minute = 60_000;
const gone = leaseRefused({ code: 'credential-not-found', message: 'The credential was deleted.' });
const clock = { now: 0 };

let baseUrl: string | null;
let leases: KeptLeases;
const open = jest.fn(() => Promise.resolve(new VaultLease(grant(), renewal, () => clock.now)));
const renewal = {
  request: () => (baseUrl === null ? Promise.reject(gone) : Promise.resolve(grant())),
  waitMs: minute,
  advice: { whenVaultIsAway: '', whenCredentialMoved: '' },
};

function grant(): GrantedLease {
  if (baseUrl === null) throw gone;
  const fields = { key: new SecretString('test-secret') };
  const versions = { secretVersion: 1, tokenVersion: null };
  const opened = { credential: 'c', connector: 'vendor', type: 'api-key' as const, baseUrl, fields, ...versions };
  return { opened, until: clock.now + 15 * minute, lifeMs: 15 * minute };
}

const lease = (reference = 'one') =>
  leases.lease({ credential: 'c', purpose: { kind: 'workflow', reference }, baseUrl });
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('leases that are kept for a purpose', () => {
  beforeEach(() => {
    open.mockClear();
    clock.now = 0;
    baseUrl = 'https://vendor.example.com';
    leases = new KeptLeases({ open });
  });

  it('are one for all work of the purpose, and another for another purpose', async () => {
    const first = await lease();
    expect(await lease()).toBe(first);
    expect(await lease('two')).not.toBe(first);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('are not begun with in their last minute', async () => {
    const first = await lease();
    clock.now = 14 * minute;
    expect(await lease()).not.toBe(first);
  });

  it('are asked for again when the credential has another address', async () => {
    await lease();
    baseUrl = 'https://elsewhere.example.com';
    expect((await lease()).baseUrl).toBe(baseUrl);
    expect(open).toHaveBeenCalledTimes(2);
  });

  it('are asked for again when the credential is not there any more, so that the vault says no', async () => {
    await lease();
    baseUrl = null;
    open.mockImplementationOnce(() => Promise.reject(gone));
    await expect(lease()).rejects.toBe(gone);
  });

  it('are asked for again after a renewal that the vault refused', async () => {
    const first = await lease();
    clock.now = 11 * minute;
    baseUrl = null;
    await first.material({ id: 'vendor', authSchemes: [] } as unknown as ConnectorManifest);
    await settled();
    baseUrl = 'https://vendor.example.com';
    expect(await lease()).not.toBe(first);
  });

  it('are forgotten when their work is over', async () => {
    const first = await lease();
    leases.forget('c', { kind: 'workflow', reference: 'one' });
    expect(await lease()).not.toBe(first);
  });

  it('are two hundred at most: the oldest is given up', async () => {
    const first = await lease('0');
    for (let number = 1; number < 200; number += 1) await lease(String(number));
    expect(await lease('0')).toBe(first);
    await lease('200');
    expect(await lease('0')).not.toBe(first);
  });
});
