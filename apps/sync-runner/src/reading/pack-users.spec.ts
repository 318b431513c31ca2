import { describe, expect, it } from '@jest/globals';
import { rawMessageSchema, type RawUser } from '@rollcall/contracts';
import fc from 'fast-check';

import { messageCharacters, packUsers } from './pack-users.js';

const head = { integration: 'acme "quoted"', generation: 7, run: 'acme.2026-11-20T02:30:00.000Z' };

const user = (id: string, note = ''): RawUser => ({
  id,
  status: 'active',
  role: null,
  lastActivityAt: null,
  administrator: false,
  username: `${id}@example.com`,
  raw: { note },
});

const unpack = (values: readonly string[]) =>
  values.map((value) => {
    const message = rawMessageSchema.parse(JSON.parse(value));
    if (message.k !== 'records') throw new Error('no records message');
    return message;
  });

describe('packing users into messages', () => {
  it('makes messages of at most 50 users that follow the contract', () => {
    const users = Array.from({ length: 120 }, (_, number) => user(`u${number}`));
    const messages = unpack(packUsers(head, users));
    expect(messages.map(({ u }) => u.length)).toEqual([50, 50, 20]);
    expect(messages[0]).toMatchObject({ k: 'records', i: head.integration, g: 7, r: head.run });
  });

  it('makes no message of an empty page', () => {
    expect(packUsers(head, [])).toEqual([]);
  });

  it('closes a message before it grows too large, and lets a giant travel alone', () => {
    const large = user('large', 'x'.repeat(90_000));
    const giant = user('giant', 'x'.repeat(500_000));
    const messages = unpack(packUsers(head, [large, large, large, giant, user('small')]));
    expect(messages.map(({ u }) => u.map(({ id }) => id))).toEqual([
      ['large', 'large'],
      ['large'],
      ['giant'],
      ['small'],
    ]);
  });

  it('names a user who is larger than a message may be, instead of ending the run', () => {
    const giant = { ...user('giant', '\u20ac'.repeat(3 * 1024 * 1024)), username: 'n'.repeat(5000) };
    const problem = { code: 'record-too-large', message: expect.any(String) as unknown };
    expect(unpack(packUsers(head, [giant, user('small')])).flatMap(({ u }) => u)).toEqual([
      { ...giant, username: null, raw: {}, problem },
      user('small'),
    ]);
    const fits = user('fits', 'x'.repeat(6 * 1024 * 1024));
    expect(unpack(packUsers(head, [fits]))[0]?.u).toEqual([fits]);
  });

  it('keeps every user, unchanged and in order', () => {
    const arbitrary = fc.array(
      fc.record({
        id: fc.string({ minLength: 1, maxLength: 20 }),
        note: fc.string({ unit: 'binary', maxLength: 200 }),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(arbitrary, (given) => {
        const users = given.map(({ id, note }) => user(id, note));
        const values = packUsers(head, users);
        expect(unpack(values).flatMap(({ u }) => u)).toEqual(users);
        expect(values.every((value) => value.length <= messageCharacters + 1_000)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
