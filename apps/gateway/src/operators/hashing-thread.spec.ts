import { afterEach, describe, expect, it } from '@jest/globals';

import { HashingThread } from './hashing-thread.js';

/** As little as argon2 takes, because only the thread is tried here. */
const cost = { memoryCost: 8, timeCost: 1, parallelism: 1 };
const password = 'an example password';

describe('a thread that hashes passwords', () => {
  const thread = new HashingThread();
  afterEach(() => thread.stop());

  it('makes hashes that it finds right, and no others', async () => {
    const stored = String(await thread.run({ password, cost }));
    expect(stored).toMatch(/^\$argon2id\$/);
    expect(await thread.run({ password, stored })).toBe(true);
    expect(await thread.run({ password: 'another one', stored })).toBe(false);
  });

  it('says what went wrong without the password, and goes on', async () => {
    const failure = thread.run({ password, stored: 'no hash' });
    await expect(failure).rejects.toThrow(/could not be hashed/);
    await expect(failure).rejects.not.toThrow(password);
    expect(await thread.run({ password, cost })).toMatch(/^\$argon2id\$/);
  });

  it('starts again after it was ended', async () => {
    await thread.run({ password, cost });
    await thread.stop();
    expect(await thread.run({ password, cost })).toMatch(/^\$argon2id\$/);
  });

  it('lets nobody wait for a thread that ended', async () => {
    const answer = thread.run({ password, cost: { ...cost, memoryCost: 64 * 1024, timeCost: 20 } });
    const ended = expect(answer).rejects.toThrow('the thread that hashes passwords ended');
    await thread.stop();
    await ended;
  });
});
