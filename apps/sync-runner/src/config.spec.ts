import { describe, expect, it } from '@jest/globals';

import { readConfig } from './config.js';

const environment = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  PORT: '3003',
  ROLLCALL_KEYS_DIR: '/keys',
};

describe('configuration', () => {
  it('has the lease of the protocol and no way to loopback unless said otherwise (A4)', () => {
    expect(readConfig(environment)).toMatchObject({
      RUN_CONCURRENCY: 4,
      ALLOW_LOOPBACK: false,
      RUN_LEASE_MS: 30_000,
      VAULT_WAIT_MS: 15 * 60_000,
    });
  });

  it.each([
    ['ALLOW_LOOPBACK', { NODE_ENV: 'production', ALLOW_LOOPBACK: 'true' }],
    ['RATE_BUDGET_FACTOR', { NODE_ENV: 'production', RATE_BUDGET_FACTOR: '10' }],
    ['RUN_CONCURRENCY', { RUN_CONCURRENCY: '0' }],
    ['CLOCK_TOLERANCE_MS', { RUN_LEASE_MS: '3000', CLOCK_TOLERANCE_MS: '1500' }],
  ])('names %s when it is wrong', (name, settings) => {
    expect(() => readConfig({ ...environment, ...settings })).toThrow(name);
  });

  it('does not say "not set" of a default that does not fit', () => {
    expect(() => readConfig({ ...environment, RUN_LEASE_MS: '1000' })).toThrow(
      'CLOCK_TOLERANCE_MS has its default, which does not fit: must be less than half of RUN_LEASE_MS',
    );
  });
});
