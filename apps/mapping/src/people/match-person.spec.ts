import { describe, expect, it } from '@jest/globals';
import type { PersonDocument } from '@rollcall/collections';

import { matchPerson } from './match-person.js';

const owners: Record<string, string> = { 'email:ada@example.com': 'ada', 'badge:7': 'ada', 'badge:8': 'bob' };
const linked: Record<string, { _id: string; integration: string; vendorId: string }[]> = {
  ada: [{ _id: 'hr:1', integration: 'hr', vendorId: '1' }],
  bob: [],
};
const matching = {
  ownerOf: (key: string) => (owners[key] === undefined ? undefined : ({ _id: owners[key] } as PersonDocument)),
  accountsOf: (person: string) => linked[person]!,
};
const match = (integration: string, id: string, values: Record<string, string | null>, keys = ['email', 'badge']) =>
  matchPerson({ id: `${integration}:${id}`, integration, values }, keys, matching);

describe('matching an account with a person (D5)', () => {
  it('finds nobody without a key that somebody holds', () => {
    expect(match('mail', '1', { email: 'new@example.com', badge: null })).toEqual({ kind: 'none' });
    expect(match('mail', '1', { email: ' ' })).toEqual({ kind: 'none' });
  });

  it('finds the person of another integration by any sync key, compared as keys are', () => {
    expect(match('mail', '1', { email: ' ADA@example.com' })).toEqual({ kind: 'person', person: 'ada', by: 'email' });
    expect(match('mail', '1', { email: 'ada@example.com', badge: '7' })).toEqual({
      kind: 'person',
      person: 'ada',
      by: 'email',
    });
    expect(match('mail', '1', { badge: '8' })).toEqual({ kind: 'person', person: 'bob', by: 'badge' });
  });

  it('looks at the sync keys only', () => {
    expect(match('mail', '1', { badge: '8' }, ['email'])).toEqual({ kind: 'none' });
  });

  it('waits for a decision when the keys belong to several people', () => {
    expect(match('mail', '1', { email: 'ada@example.com', badge: '8' })).toMatchObject({
      kind: 'undecided',
      code: 'several-matches',
    });
  });

  it('waits for a decision on a second account of the same integration, but knows the first again', () => {
    expect(match('hr', '2', { email: 'ada@example.com' })).toMatchObject({ kind: 'undecided', code: 'second-account' });
    expect(match('hr', '1', { email: 'ada@example.com' })).toEqual({ kind: 'person', person: 'ada', by: 'email' });
  });
});
