import { describe, expect, it } from '@jest/globals';
import type { CredentialDocument, RunDocument } from '@rollcall/collections';

import { credentialNews } from './credential-news.js';

const pinned = { credential: 'c1', secretVersion: 2 } as RunDocument['pinned'];
const run = (change: Partial<RunDocument> = {}) =>
  ({ pinned, state: 'completed', reason: null, acceptedSecret: 2, ...change }) as Parameters<typeof credentialNews>[0];
const refused = (code: string) => run({ state: 'failed', reason: { code, message: 'no' } });
const attention = { code: 'vendor-auth-rejected', message: 'no', at: '2026-11-20T09:00:00.000Z' };
const known = (change: Partial<CredentialDocument> = {}) => ({ attention: null, ...change });
const previous = { secretVersion: 1, secretFields: ['key'] };

describe('what a run tells the vault about its credential', () => {
  it.each(['vendor-auth-rejected', 'vendor-forbidden'])('is a refusal when it failed with %s', (code) => {
    expect(credentialNews(refused(code), known())).toEqual({
      credential: 'c1',
      secretVersion: 2,
      refused: { code, message: 'no' },
    });
  });

  it.each([
    ['it failed for another reason', refused('vendor-unavailable'), known({ attention })],
    ['it completed as every day', run(), known()],
    ['it was held before it pinned anything', run({ pinned: null }), known({ attention })],
    ['it was cancelled', run({ state: 'cancelled' }), known({ attention, previous })],
    ['the credential is gone', run(), null],
    ['nobody noted what the vendor answered', run({ acceptedSecret: undefined }), known({ previous })],
  ])('is nothing when %s', (_, end, credential) => {
    expect(credentialNews(end, credential)).toBeNull();
  });

  it.each([
    ['was refused before', known({ attention })],
    ['is new', known({ previous })],
  ])('is that it works when it %s', (_, credential) => {
    expect(credentialNews(run(), credential)).toEqual({ credential: 'c1', secretVersion: 2, refused: null });
  });

  it('is about the secret that the vendor answered in the end', () => {
    expect(credentialNews(run({ acceptedSecret: 1 }), known({ previous }))).toMatchObject({ secretVersion: 1 });
  });
});
