import { describe, expect, it } from '@jest/globals';

import { ConsumerHealth } from './consumer-health.js';

describe('the health of consumers', () => {
  const seek = () => undefined;

  it('is well while they fetch, and red after a minute of silence', () => {
    let now = 0;
    const health = new ConsumerHealth(() => now);
    health.joined('mapping.raw-records', [], seek);
    expect(health.report()).toEqual({ ok: true, detail: '1 consumer groups' });
    now = 60_001;
    expect(health.report()).toEqual({ ok: false, detail: 'mapping.raw-records is silent for over a minute' });
    health.alive('mapping.raw-records');
    expect(health.report().ok).toBe(true);
  });

  it('names a failing partition until it recovers or moves away', () => {
    const health = new ConsumerHealth();
    health.failing('g', 3, 'MongoDB is away');
    expect(health.report()).toEqual({ ok: false, detail: 'g/3 is failing: MongoDB is away' });
    health.recovered('g', 3);
    expect(health.report().ok).toBe(true);
    health.failing('g', 3, 'again');
    health.joined('g', [4], seek);
    expect(health.report().ok).toBe(true);
  });

  it('is red until a group is joined, and while one is away, with the reason', () => {
    const health = new ConsumerHealth();
    health.expect('g');
    expect(health.report()).toEqual({ ok: false, detail: 'g does not consume: it has not joined its group yet' });
    health.joined('g', [1], seek);
    expect(health.report().ok).toBe(true);
    health.away('g', 'Failed to find group coordinator; it is tried again');
    expect(health.report().detail).toBe('g does not consume: Failed to find group coordinator; it is tried again');
    health.joined('g', [1], seek);
    expect(health.report().ok).toBe(true);
  });

  it('stays red after a crash, whatever else happens', () => {
    const health = new ConsumerHealth();
    health.crashed('g', 'for good');
    health.alive('g');
    health.joined('g', [1], seek);
    expect(health.report()).toEqual({ ok: false, detail: 'g crashed: for good' });
  });

  it('tells each assignment to whoever must act on it', () => {
    const health = new ConsumerHealth();
    const told: (readonly number[])[] = [];
    health.onAssigned('g', (partitions) => told.push(partitions));
    health.joined('g', [1, 2], seek);
    health.joined('other', [3], seek);
    health.joined('g', [], seek);
    expect(told).toEqual([[1, 2], []]);
  });
});
