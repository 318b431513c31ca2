import { createRequire } from 'node:module';

import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { keepDistance, patchedVersion, patchKafkajs } from './kafkajs-patches.js';

const load = createRequire(import.meta.url);

afterEach(() => {
  jest.restoreAllMocks();
});

const trueClock = Date.now;

/** The wall clock, this far from the true time from now on. */
function setClock(offsetMs: number): void {
  jest.spyOn(Date, 'now').mockImplementation(() => trueClock() + offsetMs);
}

describe('the patch of kafkajs', () => {
  it('was written for the version that is installed', () => {
    // Fails with a new version: compare consumerGroup.js, brokerPool.js, requestQueue and the fetch responses first.
    expect((load('kafkajs/package.json') as { version: string }).version).toBe(patchedVersion);
    expect(patchKafkajs).not.toThrow();
  });

  it('keeps what a field says about how long ago something was, wherever the wall clock goes', () => {
    class Request {
      declare sentAt: number | null;
      constructor() {
        this.sentAt = null;
      }
    }
    keepDistance(Request.prototype, 'sentAt');
    const [one, other] = [new Request(), new Request()];
    expect(one.sentAt).toBeNull();
    one.sentAt = Date.now();
    other.sentAt = Date.now() - 5_000;
    for (const offset of [-3_600_000, 7_200_000]) {
      setClock(offset);
      expect(Math.abs(Date.now() - one.sentAt)).toBeLessThan(1_000);
      expect(Math.abs(Date.now() - other.sentAt - 5_000)).toBeLessThan(1_000);
    }
  });

  it('sends heartbeats when they are due after the wall clock stepped back by an hour', async () => {
    patchKafkajs();
    const ConsumerGroup = load('kafkajs/src/consumer/consumerGroup.js') as new (options: object) => {
      memberId: string;
      coordinator: { heartbeat: () => Promise<void> };
      heartbeat(options: { interval: number }): Promise<void>;
    };
    let beats = 0;
    const group = new ConsumerGroup({
      logger: { namespace: () => ({}) },
      instrumentationEmitter: { emit: () => undefined },
    });
    group.memberId = 'member';
    group.coordinator = { heartbeat: async () => void (beats += 1) };
    await group.heartbeat({ interval: 0 });
    setClock(-3_600_000);
    await group.heartbeat({ interval: 60_000 });
    expect(beats).toBe(1);
    await group.heartbeat({ interval: 0 });
    expect(beats).toBe(2);
  });
});
