import { describe, expect, it } from '@jest/globals';
import {
  KafkaJSGroupCoordinatorNotFound,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
  KafkaJSSASLAuthenticationError,
} from 'kafkajs';

import { isHopeless, isOfKafka, kafkaErrorText } from './kafka-errors.js';

/** Its types know less of the constructors than its sources do. */
const made = (kind: unknown, ...given: unknown[]): Error => new (kind as new (...given: unknown[]) => Error)(...given);

const protocolError = (type: string) =>
  new KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable: false }) as never);

describe('errors of Kafka', () => {
  it('end a process only where the broker refuses it for good', () => {
    const hopeless = [
      made(KafkaJSSASLAuthenticationError, 'wrong password'),
      made(KafkaJSNonRetriableError, 'wrapped', { cause: made(KafkaJSSASLAuthenticationError, 'wrong password') }),
      protocolError('UNSUPPORTED_VERSION'),
    ];
    expect(hopeless.map(isHopeless)).toEqual([true, true, true]);
  });

  it('are waited for in every other case, also where kafkajs gives up', () => {
    const passing = [
      made(KafkaJSGroupCoordinatorNotFound, 'Failed to find group coordinator'),
      made(KafkaJSNumberOfRetriesExceeded, new Error('connect ECONNREFUSED'), { retryCount: 8, retryTime: 1 }),
      ...['UNKNOWN_MEMBER_ID', 'INVALID_PRODUCER_EPOCH', 'UNKNOWN_TOPIC_OR_PARTITION'].map(protocolError),
      ...['TOPIC_AUTHORIZATION_FAILED', 'INCONSISTENT_GROUP_PROTOCOL', 'COORDINATOR_LOAD_IN_PROGRESS'].map(
        protocolError,
      ),
      new Error('getaddrinfo EAI_AGAIN kafka'),
      null,
    ];
    expect(passing.filter(isHopeless)).toEqual([]);
  });

  it('are told from others, and by their innermost words', () => {
    const wrapped = made(KafkaJSNonRetriableError, 'outer', {
      cause: new Error('connect ECONNREFUSED 127.0.0.1:9092'),
    });
    expect([wrapped, new Error('ours'), 'text'].map(isOfKafka)).toEqual([true, false, false]);
    expect(kafkaErrorText(wrapped)).toBe('connect ECONNREFUSED 127.0.0.1:9092');
    expect(kafkaErrorText('text')).toBe('text');
  });
});
