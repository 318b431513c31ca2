import { describe, expect, it } from '@jest/globals';

import { buildAccount, buildPerson } from '../../test/build-documents.js';
import { isProtected, whyProtected } from './protection.js';

describe('who is protected (G7)', () => {
  it('is so by flag, as administrator, as the credential’s own user, or as a person', () => {
    const own = { pinned: { ownUsers: ['7', 'root@example.com'] } };
    expect(isProtected(buildAccount(), own, new Set())).toBe(false);
    expect(isProtected(buildAccount({ protected: true }), own, new Set())).toBe(true);
    expect(isProtected(buildAccount({ administrator: true }), own, new Set())).toBe(true);
    expect(isProtected(buildAccount({ vendorId: '7' }), own, new Set())).toBe(true);
    expect(isProtected(buildAccount({ username: 'Root@Example.com' }), own, new Set())).toBe(true);
    const byMail = buildAccount({ username: 'root', values: { email: 'root@example.com' } });
    expect(isProtected(byMail, own, new Set())).toBe(true);
    expect(isProtected(buildAccount(), own, new Set(['person-1']))).toBe(true);
    expect(isProtected(buildAccount({ person: null, username: null }), own, new Set(['person-1']))).toBe(false);
  });
});

describe('who is made inactive by no people plan', () => {
  const why = (person: Parameters<typeof buildPerson>[0], ...own: Parameters<typeof buildAccount>[0][]) =>
    whyProtected(buildPerson(person), own.map(buildAccount), new Map([['acme', ['root']]]));

  it('is whoever is protected, or has an account that no run deactivates', () => {
    expect(why({}, { username: 'ada' })).toBeNull();
    expect(why({ protected: true })).toBe('the person is protected');
    expect(why({}, { username: 'ada' }, { username: 'eve', protected: true })).toBe('the account eve is protected');
    expect(why({}, { username: null, vendorId: '9', administrator: true })).toMatch(
      /^the account 9 is .*administrator$/,
    );
    expect(why({}, { username: 'Root' })).toMatch(/^the account Root is the one that the credential/);
    expect(why({}, { username: 'Root', integration: 'another' })).toBeNull();
  });
});
