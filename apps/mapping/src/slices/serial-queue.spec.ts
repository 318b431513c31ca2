import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { SerialQueue } from './serial-queue.js';

function gated() {
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  return { gate, open };
}

describe('a work queue', () => {
  it('does one piece after the other, in the order they were added', async () => {
    const queue = new SerialQueue(3);
    const done: number[] = [];
    const first = gated();
    queue.add(async () => {
      await first.gate;
      done.push(1);
    });
    queue.add(async () => void done.push(2));
    await turn();
    expect(done).toEqual([]);
    first.open();
    await queue.drain();
    expect(done).toEqual([1, 2]);
  });

  it('has room again once fewer than its limit are waiting', async () => {
    const queue = new SerialQueue(2);
    const [first, second] = [gated(), gated()];
    queue.add(() => first.gate);
    await queue.room();
    queue.add(() => second.gate);
    let hasRoom = false;
    const room = queue.room().then(() => (hasRoom = true));
    await turn();
    expect(hasRoom).toBe(false);
    first.open();
    await room;
    second.open();
    await queue.drain();
  });

  it('stops at the first error, starts nothing after it, and tells whoever waits', async () => {
    const queue = new SerialQueue(2);
    let isStarted = false;
    queue.add(() => Promise.reject(new Error('broken')));
    queue.add(async () => void (isStarted = true));
    await expect(queue.drain()).rejects.toThrow('broken');
    await expect(queue.room()).rejects.toThrow('broken');
    expect(isStarted).toBe(false);
  });
});
