import { createRequire } from 'node:module';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { isHopeless, isOfKafka } from './kafka-errors.js';
import { keepDistance, orNoBroker, patchedVersion, patchKafkajs, type RequestQueue } from './kafkajs-patches.js';

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

  it('makes an error that may pass of metadata that no broker gives, and leaves what one gives', async () => {
    const cluster = { answer: null as unknown, topics: [] as unknown[] };
    const metadata = orNoBroker(async function (this: unknown, ...given) {
      const own = this as typeof cluster;
      own.topics = given;
      return Promise.resolve(own.answer);
    });
    const error: unknown = await metadata.call(cluster, 'a topic').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'KafkaJSBrokerNotFound', retriable: true });
    expect([isOfKafka(error), isHopeless(error)]).toEqual([true, false]);
    cluster.answer = { topicMetadata: [] };
    expect(await metadata.call(cluster, 'a topic')).toBe(cluster.answer);
    expect(cluster.topics).toEqual(['a topic']);
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

  describe('on the requests of a connection', () => {
    interface Entry {
      correlationId: number;
      resolve: () => void;
      reject: (error: Error) => void;
    }
    type Queue = RequestQueue & {
      push(request: { entry: Entry; expectResponse: boolean; sendRequest: () => void }): void;
      fulfillRequest(response: { correlationId: number; size: number; payload: null }): void;
      maybeThrottle(milliseconds: number): void;
    };
    const sent: number[] = [];
    const failed: string[] = [];

    function queueOf(maxInFlightRequests: number | null = null): Queue {
      patchKafkajs();
      const Queue = load('kafkajs/src/network/requestQueue/index.js') as new (options: object) => Queue;
      const logger = { debug: () => undefined, warn: () => undefined };
      const options = { maxInFlightRequests, requestTimeout: 30_000, enforceRequestTimeout: true };
      return new Queue({ ...options, clientId: 'test', broker: 'localhost', logger });
    }
    const push = (queue: Queue, correlationId: number) => {
      const entry = { correlationId, resolve: () => undefined, reject: (error: Error) => failed.push(error.name) };
      queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(correlationId) });
    };

    beforeEach(() => {
      sent.length = 0;
      failed.length = 0;
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it('sets no timer while no request waits', () => {
      const queue = queueOf();
      push(queue, 1);
      queue.fulfillRequest({ correlationId: 1, size: 0, payload: null });
      expect(sent).toEqual([1]);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('sends what waits for a place as soon as there is one, and sets no timer after it', () => {
      const queue = queueOf(1);
      push(queue, 1);
      push(queue, 2);
      expect(sent).toEqual([1]);
      queue.fulfillRequest({ correlationId: 1, size: 0, payload: null });
      expect(sent).toEqual([1, 2]);
      jest.advanceTimersByTime(50);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('sends what waits for a pause of the broker when it is over, and not before', () => {
      const queue = queueOf();
      queue.maybeThrottle(500);
      push(queue, 1);
      jest.advanceTimersByTime(450);
      expect(sent).toEqual([]);
      jest.advanceTimersByTime(100);
      expect(sent).toEqual([1]);
    });

    it('gives up a request that has no answer in time', () => {
      const queue = queueOf();
      queue.scheduleRequestTimeoutCheck();
      push(queue, 1);
      jest.advanceTimersByTime(29_000);
      expect(failed).toEqual([]);
      jest.advanceTimersByTime(3_000);
      expect(failed).toEqual(['KafkaJSRequestTimeoutError']);
      queue.destroy();
    });
  });
});
