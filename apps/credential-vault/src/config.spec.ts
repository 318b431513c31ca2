import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { readConfig } from './config.js';

const environment = {
  KAFKA_BROKERS: '127.0.0.1:9092',
  MONGODB_URI: 'mongodb://127.0.0.1:27017',
  PORT: '0',
  ROLLCALL_KEYS_DIR: '/keys',
};
const key = 'example-key-text';

describe('the configuration of the vault', () => {
  it('needs exactly one key-encryption key (P24)', () => {
    expect(() => readConfig(environment)).toThrow(/ROLLCALL_KEK is not set: .*ROLLCALL_KEK_FILE or ROLLCALL_KEK/);
    expect(() => readConfig({ ...environment, ROLLCALL_KEK: key, ROLLCALL_KEK_FILE: '/kek' })).toThrow(/not both/);
    expect(readConfig({ ...environment, ROLLCALL_KEK_FILE: '/kek' }).ROLLCALL_KEK_FILE).toBe('/kek');
  });

  it('does not show the key when it is printed (P20)', () => {
    const config = readConfig({ ...environment, ROLLCALL_KEK: key });
    expect(inspect(config, { depth: 5 }) + JSON.stringify(config)).not.toContain(key);
  });

  it('keeps this machine closed to credentials unless the development switch is set', () => {
    const withKey = { ...environment, ROLLCALL_KEK_FILE: '/kek' };
    expect(readConfig(withKey).ALLOW_LOOPBACK).toBe(false);
    expect(readConfig({ ...withKey, ALLOW_LOOPBACK: 'true' }).ALLOW_LOOPBACK).toBe(true);
    expect(() => readConfig({ ...withKey, ALLOW_LOOPBACK: 'true', NODE_ENV: 'production' })).toThrow(
      /development switch/,
    );
    expect(() => readConfig({ ...withKey, ALLOW_LOOPBACK: 'yes' })).toThrow(/ALLOW_LOOPBACK is wrong/);
  });
});
