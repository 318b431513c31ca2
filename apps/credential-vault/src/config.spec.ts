import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { currentProvider, readConfig } from './config.js';

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

  it('takes several keys when it is told which one wraps, and that one must be given', () => {
    const both = { ...environment, ROLLCALL_KEK: key, ROLLCALL_KEK_FILE: '/kek' };
    expect(currentProvider(readConfig({ ...both, ROLLCALL_KEK_PROVIDER: 'file' }))).toBe('file');
    expect(currentProvider(readConfig({ ...both, ROLLCALL_KEK_PROVIDER: 'environment' }))).toBe('environment');
    expect(() => readConfig({ ...both, ROLLCALL_KEK_PROVIDER: 'transit' })).toThrow(/names transit, which is not set/);
  });

  it('asks a server of keys over TLS only, with a token from a file', () => {
    const url = 'https://keys.example:8200';
    const transit = { ...environment, ROLLCALL_KEK_TRANSIT_URL: url, ROLLCALL_KEK_TRANSIT_TOKEN_FILE: '/token' };
    const config = readConfig(transit);
    expect([currentProvider(config), config.ROLLCALL_KEK_TRANSIT_KEY]).toEqual(['transit', 'transit/rollcall']);
    const refused: [Record<string, string>, RegExp][] = [
      [{ ROLLCALL_KEK_TRANSIT_URL: 'http://keys.example:8200' }, /must begin with https/],
      [{ ROLLCALL_KEK_TRANSIT_URL: `${url}/v1` }, /without a path/],
      [{ ROLLCALL_KEK_TRANSIT_KEY: '../sys/rollcall' }, /<mount>\/<key>/],
    ];
    for (const [wrong, words] of refused) expect(() => readConfig({ ...transit, ...wrong })).toThrow(words);
    const { ROLLCALL_KEK_TRANSIT_TOKEN_FILE: _, ...tokenless } = transit;
    expect(() => readConfig(tokenless)).toThrow(/ROLLCALL_KEK_TRANSIT_TOKEN_FILE is not set/);
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
