import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@rollcall/observability';
import { KafkaJSGroupCoordinatorNotFound, KafkaJSSASLAuthenticationError } from 'kafkajs';
import { MongoServerSelectionError } from 'mongodb';

import { whenEngineServes } from './engine-wait.js';
import { ConfigError } from './service-config.js';

/** Its types know less of the constructors than its sources do. */
const made = (kind: unknown, ...given: unknown[]): Error => new (kind as new (...given: unknown[]) => Error)(...given);

const logger = createLogger({ service: 'test', level: 'error' });
const wait = { engine: 'Kafka at a:1', setting: 'KAFKA_BROKERS', logger };

/** Fails so often, then works. */
function work(error: Error, failures: number) {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= failures) throw error;
    return calls;
  };
}

describe('waiting for an engine', () => {
  it('goes on until it serves, whichever engine it is', async () => {
    const noPrimary = new MongoServerSelectionError('no primary', {} as never);
    expect(await whenEngineServes(wait, work(made(KafkaJSGroupCoordinatorNotFound, 'not yet'), 1))).toBe(2);
    expect(await whenEngineServes(wait, work(noPrimary, 1))).toBe(2);
  });

  it('ends at once for what no waiting cures', async () => {
    const refused = made(KafkaJSSASLAuthenticationError, 'wrong password');
    await expect(whenEngineServes(wait, work(refused, 1))).rejects.toBe(refused);
    const ours = new Error('a defect');
    await expect(whenEngineServes(wait, work(ours, 1))).rejects.toBe(ours);
  });

  it('ends after its patience with the address, the reason and the setting', async () => {
    const waiting = whenEngineServes(
      { ...wait, patienceMs: 0 },
      work(made(KafkaJSGroupCoordinatorNotFound, 'no coordinator'), 9),
    );
    await expect(waiting).rejects.toThrow(ConfigError);
    await expect(waiting).rejects.toThrow(/^Kafka at a:1 cannot be used after 0 s: no coordinator\n.*KAFKA_BROKERS/);
  });
});
