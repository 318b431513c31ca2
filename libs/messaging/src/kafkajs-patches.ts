import { createRequire } from 'node:module';

import { fetchDecoder, fetchVersions } from './record-batches/fetch-response.js';

const load = createRequire(import.meta.url);

/** Exactly this version was read and tested; see ADR 0017. */
export const patchedVersion = '2.2.4';

let isPatched = false;

/**
 * Mends two things in kafkajs, which has had no release since 2023:
 * - An answer of a broker that it cannot decode ends the consumer, again at every start. Ours always goes on, knows
 *   every codec, and is bounded.
 * - It measures time by the wall clock: one that steps back by an hour stops all heartbeats for an hour, so that the
 *   group expels a living member.
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
  isPatched = true;
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
