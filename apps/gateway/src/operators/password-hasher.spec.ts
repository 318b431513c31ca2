import { describe, expect, it } from '@jest/globals';

import { PasswordHasher, restAfter } from './password-hasher.js';

describe('hashing of passwords', () => {
  it('does not rest while there is nothing else to do, and three times as long as the hash took while there is', () => {
    expect([0, 0.5, 1].map((utilization) => restAfter(40, utilization))).toEqual([0, 60, 120]);
  });

  it('gives everybody their turn, with the right answer', async () => {
    const hasher = new PasswordHasher();
    await hasher.onModuleInit();
    const stored = await hasher.hash('an example password of many words');
    const tries = ['an example password of many words', 'another example', 'an example password of many words'];
    expect(await Promise.all(tries.map((password) => hasher.matches(password, stored)))).toEqual([true, false, true]);
    expect(await hasher.matches('an example password of many words', null)).toBe(false);
  });
});
