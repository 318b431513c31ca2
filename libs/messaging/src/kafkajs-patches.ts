import { createRequire } from 'node:module';

import { fetchDecoder, fetchVersions } from './record-batches/fetch-response.js';

const load = createRequire(import.meta.url);

/** Exactly this version was read and tested; see ADR 0017. */
export const patchedVersion = '2.2.4';

let isPatched = false;

/**
 * Mends four things in kafkajs, which has had no release since 2023:
 * - An answer of a broker that it cannot decode ends the consumer, again at every start. Ours always goes on, knows
 *   every codec, and is bounded.
 * - It measures time by the wall clock: one that steps back by an hour stops all heartbeats for an hour, so that the
 *   group expels a living member.
 * - Each of its connections sets a timer of one millisecond again and again, though no request waits, and looks ten
 *   times a second whether one is late: with nothing to do that was most of what a service cost.
 * - It takes null for the metadata of a cluster of which no broker answers, so that whoever asked meets a TypeError, and a
 *   service that starts while its broker does ends instead of waiting.
 *
 * @throws Error when another version is installed
 */
export function patchKafkajs(): void {
  if (isPatched) return;
  const { version } = load('kafkajs/package.json') as { version: string };
  if (version !== patchedVersion) {
    throw new Error(
      `kafkajs is ${version}, and kafkajs-patches.ts was written for ${patchedVersion}. Compare the patched files, then change the version there.`,
    );
  }
  for (const fetchVersion of fetchVersions) {
    const response = load(`kafkajs/src/protocol/requests/fetch/v${fetchVersion}/response.js`) as { decode: unknown };
    response.decode = fetchDecoder(fetchVersion);
  }
  for (const [file, field] of instants) {
    const { prototype } = load(`kafkajs/src/${file}`) as { prototype: object };
    keepDistance(prototype, field);
  }
  const { prototype: queue } = load('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  queue.scheduleCheckPendingRequests = lookAgainWhilePending;
  queue.scheduleRequestTimeoutCheck = lookForLateRequests;
  const { prototype: cluster } = load('kafkajs/src/cluster/index.js') as { prototype: AsksForMetadata };
  cluster.metadata = orNoBroker(cluster.metadata);
  isPatched = true;
}

/** What the patch uses of the requests of one connection. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, { sentAt: number; requestTimeout: number; timeoutRequest: () => void }>;
  /** Milliseconds since 1970, -1 where the broker never asked for a pause. */
  readonly throttledUntil: number;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId: NodeJS.Timeout | null;
  isConnected(): boolean;
  destroy(): void;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
}

const pendingLookMs = 10;
const lateLookMs = 1_000;

/** A request that has to wait calls this itself, so there is nothing to look for while none does. */
function lookAgainWhilePending(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
  const pauseMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    pauseMs > 0 ? pauseMs : pendingLookMs,
  );
}

/** Requests have half a minute: whether one is late is known soon enough within a thirtieth of it. */
function lookForLateRequests(this: RequestQueue): void {
  if (!this.enforceRequestTimeout) return;
  this.destroy();
  this.requestTimeoutIntervalId = setInterval(
    () => {
      for (const request of this.inflight.values()) {
        if (Date.now() - request.sentAt > request.requestTimeout) request.timeoutRequest();
      }
      if (!this.isConnected()) this.destroy();
    },
    Math.min(this.requestTimeout / 30, lateLookMs),
  );
}

interface AsksForMetadata {
  metadata(this: unknown, ...given: unknown[]): Promise<unknown>;
}

/** Nothing is no answer: the error of kafkajs for it can be tried again, and callers do. */
export function orNoBroker(ask: AsksForMetadata['metadata']): AsksForMetadata['metadata'] {
  const { KafkaJSBrokerNotFound } = load('kafkajs') as { KafkaJSBrokerNotFound: new (message: string) => Error };
  return async function (this: unknown, ...given) {
    const found = await ask.apply(this, given);
    if (found === null) throw new KafkaJSBrokerNotFound('No broker answers what topics there are');
    return found;
  };
}

/** Fields that hold a time of the wall clock and are compared with it later. */
const instants = [
  ['consumer/consumerGroup.js', 'lastRequest'], // when the next heartbeat is due
  ['network/requestQueue/socketRequest.js', 'sentAt'], // when a request counts as lost
  ['network/requestQueue/index.js', 'throttledUntil'],
  ['cluster/brokerPool.js', 'metadataExpireAt'],
] as const;

/**
 * Makes a field keep its distance from now by the monotonic clock: a step of the wall clock moves what it holds along,
 * so that a comparison with `Date.now()` tells the time that really passed.
 */
export function keepDistance(prototype: object, field: string): void {
  const held = new WeakMap<object, number | null>();
  Object.defineProperty(prototype, field, {
    configurable: true,
    set(this: object, time: number | null) {
      held.set(this, time === null ? null : time - Date.now() + performance.now());
    },
    get(this: object): number | null | undefined {
      const mark = held.get(this);
      return typeof mark === 'number' ? mark - performance.now() + Date.now() : mark;
    },
  });
}
