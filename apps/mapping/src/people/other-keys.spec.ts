import { describe, expect, it } from '@jest/globals';
import type { AccountDocument } from '@rollcall/collections';
import type { Values } from '@rollcall/contracts';

import type { KeyField } from './keys.js';
import { withOtherKeys } from './other-keys.js';

const fields: KeyField[] = [
  { field: 'email', kind: 'address' },
  { field: 'badge', kind: 'folded' },
];
const account = (values: Values, otherKeys?: string[]) =>
  ({ _id: 'hr:1', values, ...(otherKeys && { otherKeys }) }) as AccountDocument;

describe('keys of an account that its person does not hold', () => {
  it('are those of values that differ from theirs, or that were refused to them', () => {
    const mailbox = account({ email: 'Office@example.com', badge: '7' });
    expect(withOtherKeys(mailbox, { email: 'ada@example.com', badge: null }, fields)).toEqual({
      ...mailbox,
      otherKeys: ['email:office@example.com', 'badge:7'],
    });
  });

  it('are none where the values are theirs as keys are compared, empty, or can be nobody’s alone', () => {
    const same = account({ email: 'ADA@example.com', badge: null });
    expect(withOtherKeys(same, { email: 'ada@example.com', badge: '7' }, fields)).toBe(same);
    const none = account({ email: 'n/a' });
    expect(withOtherKeys(none, { email: 'ada@example.com' }, fields)).toBe(none);
  });

  it('go when they become theirs, and stay the same list where nothing changes', () => {
    const before = account({ email: 'a@example.com' }, ['email:a@example.com']);
    expect(withOtherKeys(before, { email: 'a@example.com' }, fields)).not.toHaveProperty('otherKeys');
    expect(withOtherKeys(before, { email: 'b@example.com' }, fields)).toBe(before);
  });
});
