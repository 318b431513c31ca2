import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { WorkChain } from './work-chain.js';

function gated() {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  return { gate, open };
}

describe('a work chain', () => {
  it('does one piece after the other, in the order they were added', async () => {
    const chain = new WorkChain(3);
    const done: number[] = [];
    const first = gated();
    chain.add(async () => {
      await first.gate;
      done.push(1);
    });
    chain.add(async () => void done.push(2));
    await turn();
    expect(done).toEqual([]);
    first.open();
    await chain.drain();
    expect(done).toEqual([1, 2]);
  });

  it('has room again once fewer than its limit are waiting', async () => {
    const chain = new WorkChain(2);
    const [first, second] = [gated(), gated()];
    chain.add(() => first.gate);
    await chain.room();
    chain.add(() => second.gate);
    let hasRoom = false;
    const room = chain.room().then(() => (hasRoom = true));
    await turn();
    expect(hasRoom).toBe(false);
    first.open();
    await room;
    second.open();
    await chain.drain();
  });

  it('stops at the first error, starts nothing after it, and tells whoever waits', async () => {
    const chain = new WorkChain(2);
    let isStarted = false;
    chain.add(() => Promise.reject(new Error('broken')));
    chain.add(async () => void (isStarted = true));
    await expect(chain.drain()).rejects.toThrow('broken');
    await expect(chain.room()).rejects.toThrow('broken');
    expect(isStarted).toBe(false);
  });
});
