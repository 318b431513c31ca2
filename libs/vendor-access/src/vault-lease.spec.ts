import { describe, expect, it, jest } from '@jest/globals';
import type { ConnectorManifest } from '@rollcall/contracts';
import { SecretString } from '@rollcall/secrets';

import { LeaseError, leaseRefused, vaultUnavailable } from './lease.errors.js';
import { type GrantedLease, VaultLease } from './vault-lease.js';

const minute = 60_000;
const manifest = { id: 'vendor', authSchemes: [] } as unknown as ConnectorManifest;
const advice = { whenVaultIsAway: 'Look whether it runs.', whenCredentialMoved: 'Run again.' };
const gone = leaseRefused({ code: 'credential-not-found', message: 'The credential was deleted.' });

function grant(until: number, secretVersion = 1, baseUrl = 'https://vendor.example.com'): GrantedLease {
  const fields = { key: new SecretString(`test-secret-${secretVersion}`) };
  const type = 'api-key' as const;
  const opened = { credential: 'c', secretVersion, tokenVersion: null, connector: 'vendor', type, baseUrl, fields };
  return { opened, until, lifeMs: 15 * minute };
}

function leaseAt(start: number, answer: () => Promise<GrantedLease>) {
  const clock = { now: start };
  const request = jest.fn((_waitMs: number) => answer());
  const renewal = { request, waitMs: minute, advice };
  const lease = new VaultLease(grant(15 * minute), renewal, () => clock.now);
  return { clock, request, lease };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a lease in memory', () => {
  it('serves without asking the vault while it is young', async () => {
    const { lease, request } = leaseAt(0, () => Promise.resolve(grant(30 * minute)));
    expect((await lease.material(manifest)).fields).toEqual({ key: 'test-secret-1' });
    expect(request).not.toHaveBeenCalled();
  });

  it('is renewed in the background before its end, once for all callers', async () => {
    const { lease, request } = leaseAt(11 * minute, () => Promise.resolve(grant(26 * minute, 2)));
    const [one, other] = await Promise.all([lease.material(manifest), lease.material(manifest)]);
    expect([one.secretVersion, other.secretVersion]).toEqual([1, 1]);
    await settled();
    expect(request).toHaveBeenCalledTimes(1);
    expect((await lease.material(manifest)).secretVersion).toBe(2);
  });

  it('serves to its end while the vault is away, then fails saying so', async () => {
    const { lease, clock } = leaseAt(14 * minute, () => Promise.reject(vaultUnavailable(minute, advice)));
    expect((await lease.material(manifest)).secretVersion).toBe(1);
    await settled();
    clock.now = 15 * minute - 1;
    expect((await lease.material(manifest)).secretVersion).toBe(1);
    await settled();
    clock.now = 16 * minute;
    await expect(lease.material(manifest)).rejects.toThrow(expect.objectContaining({ code: 'vault-unavailable' }));
  });

  it('serves nobody any longer once the vault says that the credential is gone', async () => {
    const { lease } = leaseAt(11 * minute, () => Promise.reject(gone));
    await lease.material(manifest);
    await settled();
    await expect(lease.material(manifest)).rejects.toBe(gone);
  });

  it('never goes on at another address', async () => {
    const moved = grant(26 * minute, 2, 'https://elsewhere.example.com');
    const { lease } = leaseAt(11 * minute, () => Promise.resolve(moved));
    await lease.material(manifest);
    await settled();
    await expect(lease.material(manifest)).rejects.toThrow(expect.objectContaining({ code: 'credential-changed' }));
  });

  it('gives the newer secret after a refusal, and null when there is none', async () => {
    const newer = leaseAt(0, () => Promise.resolve(grant(15 * minute, 2)));
    expect((await newer.lease.newerThan({ secretVersion: 1, tokenVersion: null }, manifest))?.secretVersion).toBe(2);
    const same = leaseAt(0, () => Promise.resolve(grant(15 * minute, 1)));
    expect(await same.lease.newerThan({ secretVersion: 1, tokenVersion: null }, manifest)).toBeNull();
  });

  it('is over for everybody when it turns out after a refusal that the credential is gone', async () => {
    const { lease } = leaseAt(0, () => Promise.reject(gone));
    await expect(lease.newerThan({ secretVersion: 1, tokenVersion: null }, manifest)).rejects.toBe(gone);
    expect(lease.isOver()).toBe(true);
    await expect(lease.material(manifest)).rejects.toBe(gone);
  });

  it('is over for everybody when it turns out after a refusal that the credential was moved', async () => {
    const { lease } = leaseAt(0, () => Promise.resolve(grant(26 * minute, 2, 'https://elsewhere.example.com')));
    await expect(lease.newerThan({ secretVersion: 1, tokenVersion: null }, manifest)).rejects.toBeInstanceOf(
      LeaseError,
    );
    await expect(lease.material(manifest)).rejects.toThrow(/moved to another address.*Run again\./);
  });

  it('serves to its end while the token endpoint of the vendor is away', async () => {
    const away = leaseRefused({ code: 'token-unavailable', message: 'The token endpoint did not answer.' });
    const { lease, clock } = leaseAt(11 * minute, () => Promise.reject(away));
    await lease.material(manifest);
    await settled();
    expect((await lease.material(manifest)).secretVersion).toBe(1);
    clock.now = 16 * minute;
    await expect(lease.material(manifest)).rejects.toBe(away);
  });
});
