import { describe, expect, it } from '@jest/globals';

import { ConfigError, flag, parseEnvironment, serviceConfigSchema } from './service-config.js';

const complete = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  MONGODB_URI: 'mongodb://127.0.0.1:27017',
  PORT: '8080',
  ROLLCALL_KEYS_DIR: '/keys',
};

describe('the configuration of a service', () => {
  it('has defaults for what need not be set, and numbers as numbers', () => {
    expect(parseEnvironment(serviceConfigSchema, complete)).toMatchObject({
      PORT: 8080,
      HOST: '127.0.0.1',
      ROLLCALL_NAMESPACE: 'rollcall',
      KAFKA_REPLICATION: 1,
      LOG_LEVEL: 'info',
    });
  });

  it.each(['kafka', 'kafka:9092,', 'kafka 9092', 'http://kafka', 'a:1;b:2'])('refuses %j as brokers', (brokers) => {
    expect(() => parseEnvironment(serviceConfigSchema, { ...complete, KAFKA_BROKERS: brokers })).toThrow(
      'KAFKA_BROKERS is wrong: must be host:port, several with commas between',
    );
  });

  it.each(['kafka:9092', 'a:1,b:2', 'a:1, b:2', '[::1]:9092'])('takes %j as brokers', (brokers) => {
    expect(parseEnvironment(serviceConfigSchema, { ...complete, KAFKA_BROKERS: brokers }).KAFKA_BROKERS).toBe(brokers);
  });

  it('names every wrong setting in one line each, and never shows a value', () => {
    const environment = {
      ...complete,
      MONGODB_URI: 'http://user:test-password@host',
      PORT: 'eighty',
      KAFKA_BROKERS: undefined,
    };
    let error: unknown;
    try {
      parseEnvironment(serviceConfigSchema, environment);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ConfigError);
    const lines = (error as ConfigError).message.split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.map((line) => line.split(':')[0])).toEqual(
      expect.arrayContaining(['KAFKA_BROKERS is not set', 'MONGODB_URI is wrong', 'PORT is wrong']),
    );
    expect((error as ConfigError).message).not.toMatch(/test-password|eighty/);
  });

  it('refuses a namespace that could leave its own databases and topics', () => {
    for (const ROLLCALL_NAMESPACE of ['Rollcall', 'a.b', '1a', 'a_b', '']) {
      expect(() => parseEnvironment(serviceConfigSchema, { ...complete, ROLLCALL_NAMESPACE })).toThrow(ConfigError);
    }
  });

  it('knows true and false, and takes nothing else for a flag', () => {
    expect([flag(true).parse(undefined), flag(false).parse(undefined)]).toEqual([true, false]);
    expect([flag(false).parse('true'), flag(true).parse('false')]).toEqual([true, false]);
    expect(() => flag(true).parse('yes')).toThrow();
  });
});
