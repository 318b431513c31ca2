import { beforeEach, describe, expect, it } from '@jest/globals';

import type { RestartsByName } from '../stack/restarts.js';
import { Supervisor, type Watched } from './supervisor.js';

let now = 0;
let restarts: RestartsByName = {};
let lines: string[] = [];

beforeEach(() => {
  now = 0;
  restarts = {};
  lines = [];
});

class Process implements Watched {
  now: 'running' | 'ended' | 'stopped' = 'running';
  starts = 0;
  failure: Error | null = null;
  constructor(readonly name: string) {}
  state = () => this.now;
  lastLine = () => `last words of ${this.name}`;
  async start() {
    this.starts += 1;
    if (this.failure) throw this.failure;
    this.now = 'running';
  }
}

function supervise(...watched: Process[]): (milliseconds: number) => Promise<void> {
  const supervisor = new Supervisor({
    watched,
    tell: (line) => lines.push(line),
    write: (written) => (restarts = written),
    stopwatch: () => now,
    wallClock: () => Date.parse('2026-01-01T00:00:00Z') + now,
  });
  return async (milliseconds) => {
    for (const until = now + milliseconds; now < until;) {
      now += 100;
      supervisor.look();
      await supervisor.settled();
    }
  };
}

describe('the supervisor', () => {
  it('leaves alone what runs, and what somebody stopped on purpose', async () => {
    const [running, stopped] = [new Process('mapping'), new Process('gateway')];
    const pass = supervise(running, stopped);
    stopped.now = 'stopped';
    await pass(120_000);
    expect([running.starts, stopped.starts]).toEqual([0, 0]);
    expect(restarts).toEqual({});
  });

  it('starts again what ended, after a pause, and keeps what it did: how often, when, and why', async () => {
    const process = new Process('mapping');
    const pass = supervise(process);
    await pass(5_000);
    process.now = 'ended';
    await pass(900);
    expect(process.starts).toBe(0);
    expect(restarts['mapping']).toEqual({
      times: 0,
      endedAt: '2026-01-01T00:00:05.100Z',
      lastLine: 'last words of mapping',
      nextAt: '2026-01-01T00:00:06.100Z',
    });
    await pass(500);
    expect(process.starts).toBe(1);
    expect(restarts['mapping']).toMatchObject({ times: 1, nextAt: null });
    expect(lines[0]).toBe('mapping ended and is started again in 1 s. Its last line: last words of mapping');
  });

  it('waits longer each time for one that ends at once, and treats the others as before', async () => {
    const [broken, other] = [new Process('mapping'), new Process('gateway')];
    const pass = supervise(broken, other);
    broken.failure = new Error('no such program');
    broken.now = 'ended';
    await pass(180_000);
    expect(broken.starts).toBe(7);
    expect(lines.filter((line) => line === 'mapping could not be started: no such program')).toHaveLength(7);
    other.now = 'ended';
    await pass(1_500);
    expect(other.starts).toBe(1);
  });

  it('starts nothing any more that is stopped while it waits', async () => {
    const process = new Process('mapping');
    const pass = supervise(process);
    process.now = 'ended';
    await pass(500);
    process.now = 'stopped';
    await pass(10_000);
    expect(process.starts).toBe(0);
  });
});
