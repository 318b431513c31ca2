import { describe, expect, it } from '@jest/globals';

import { readConfig } from './config.js';

const environment = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  MONGODB_URI: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  PORT: '3004',
  ROLLCALL_KEYS_DIR: '/keys',
};

describe('configuration', () => {
  it('takes the whole rate budget of a vendor and no way to loopback unless said otherwise', () => {
    expect(readConfig(environment)).toMatchObject({ RATE_BUDGET_FACTOR: 1, ALLOW_LOOPBACK: false });
  });

  it('takes the factor of the rate budget that other services are given', () => {
    expect(readConfig({ ...environment, RATE_BUDGET_FACTOR: '0.5' })).toMatchObject({ RATE_BUDGET_FACTOR: 0.5 });
  });

  it.each([
    ['ALLOW_LOOPBACK', { NODE_ENV: 'production', ALLOW_LOOPBACK: 'true' }],
    ['RATE_BUDGET_FACTOR', { NODE_ENV: 'production', RATE_BUDGET_FACTOR: '10' }],
    ['RATE_BUDGET_FACTOR', { RATE_BUDGET_FACTOR: '0' }],
    ['STEP_CONCURRENCY', { STEP_CONCURRENCY: '0' }],
  ])('names %s when it is wrong', (name, settings) => {
    expect(() => readConfig({ ...environment, ...settings })).toThrow(name);
  });
});
