import { describe, expect, it } from '@jest/globals';
import { VendorError } from '@rollcall/connector-kit';

import { brokerParkingOf, parkingOf } from './parking.js';

const now = Date.parse('2026-03-02T12:00:00Z');
const minute = 60_000;
const run = { startedAt: new Date(now - 60 * minute).toISOString() };
const limited = (retryAt?: unknown) => new VendorError('vendor-rate-limited', 'Too many.', { details: { retryAt } });

describe('a run whose vendor asks to wait (V1, V27)', () => {
  it('is parked until then when that is too long to wait in memory', () => {
    expect(parkingOf(limited(now + 60 * minute), run, now, now)).toEqual(new Date(now + 60 * minute));
    expect(parkingOf(limited(now + 60 * minute), { startedAt: null }, now, now)).toEqual(new Date(now + 60 * minute));
  });

  it('is parked by the clock of the database, whatever that of this machine says', () => {
    const ahead = now + 400 * 24 * 60 * minute;
    expect(parkingOf(limited(ahead + 60 * minute), run, ahead, now)).toEqual(new Date(now + 60 * minute));
  });

  it.each([
    ['a pause that was waited for already', limited(now + minute)],
    ['a pause beyond the day that a run may take', limited(now + 24 * 60 * minute)],
    ['no time named', limited()],
    ['a time that is none', limited('tomorrow')],
    ['another failure', new VendorError('vendor-unavailable', 'Down.', { details: { retryAt: now + 60 * minute } })],
    ['a defect', new Error('x')],
  ])('is not parked for %s', (_, error) => {
    expect(parkingOf(error, run, now, now)).toBeNull();
  });
});

describe('a run that could not send what it read', () => {
  const ofKafka = (name: string, message: string, cause?: Error) =>
    Object.assign(new Error(message, { cause }), { name: `KafkaJS${name}` });
  const away = ofKafka('ConnectionError', 'connect ECONNREFUSED 127.0.0.1:9092');
  const givenUp = ofKafka('NonRetriableError', away.message, away);

  it.each([away, givenUp, new Error('START was not sent', { cause: givenUp })])(
    'is tried again in a moment, however often Kafka is away: %s',
    (error) => {
      expect(brokerParkingOf(error, run, now)).toEqual(new Date(now + 5_000));
      expect(brokerParkingOf(error, { startedAt: null }, now)).toEqual(new Date(now + 5_000));
    },
  );

  it('is not tried for longer than the day that a run may take', () => {
    const yesterday = { startedAt: new Date(now - 24 * 60 * minute).toISOString() };
    expect(brokerParkingOf(away, yesterday, now)).toBeNull();
  });

  it.each([
    ['a refusal that only a person can cure', ofKafka('SASLAuthenticationError', 'wrong password')],
    ['a failure of the vendor', new VendorError('vendor-unavailable', 'Down.')],
    ['a defect', new Error('x')],
  ])('is left to the next holder, who counts it as lost, for %s', (_, error) => {
    expect(brokerParkingOf(error, run, now)).toBeNull();
  });
});
