import { describe, expect, it } from '@jest/globals';
import { type CredentialRecord, credentialRecordSchema } from '@rollcall/contracts';

import { afterReport } from './after-report.js';

const at = '2026-11-20T09:00:00.000Z';
const refused = { code: 'vendor-auth-rejected', message: 'No.' };
const attention = { ...refused, at: '2026-11-19T09:00:00.000Z' };
const previous = { secretVersion: 1, secretFields: ['key'] };
const stored = (change: Partial<CredentialRecord> = {}): CredentialRecord =>
  credentialRecordSchema.parse({
    id: 'c1',
    version: 7,
    name: 'Directory',
    connector: 'example-vendor',
    type: 'api-key',
    baseUrl: 'https://vendor.example.com',
    secretFields: ['key'],
    secretVersion: 2,
    attention: null,
    createdAt: at,
    updatedAt: at,
    ...change,
  });

describe('a credential after a report', () => {
  it.each<[string, Partial<CredentialRecord>, number, typeof refused | null]>([
    ['that it works, as was known', {}, 2, null],
    ['that it is refused, as was known', { attention }, 2, refused],
    ['about an older secret', {}, 1, refused],
    ['that an older secret works', { attention }, 1, null],
    ['that the secret of before works', { attention, previous }, 1, null],
    ['that the secret of before is refused, while nobody refused the new one', { previous }, 1, refused],
  ])('%s stays as it is', (_, change, secretVersion, answer) => {
    expect(afterReport(stored(change), { secretVersion, refused: answer }, at)).toBeNull();
  });

  it('is marked when its secret is refused, and no longer when it works', () => {
    expect(afterReport(stored(), { secretVersion: 2, refused }, at)).toEqual(
      stored({ version: 8, attention: { ...refused, at } }),
    );
    expect(afterReport(stored({ attention }), { secretVersion: 2, refused: null }, at)).toEqual(stored({ version: 8 }));
  });

  it('loses the secret of before when the new one works for the first time', () => {
    expect(afterReport(stored({ previous }), { secretVersion: 2, refused: null }, at)).toEqual(stored({ version: 8 }));
  });

  it('keeps the secret of before while the new one is refused, and says so', () => {
    const message = 'No. The secret of before is used until the new one is accepted.';
    expect(afterReport(stored({ previous }), { secretVersion: 2, refused }, at)).toEqual(
      stored({ version: 8, previous, attention: { ...refused, message, at } }),
    );
  });

  it('loses the secret of before when that is refused too', () => {
    expect(afterReport(stored({ previous, attention }), { secretVersion: 1, refused }, at)).toEqual(
      stored({ version: 8, attention: { ...refused, at } }),
    );
  });
});
