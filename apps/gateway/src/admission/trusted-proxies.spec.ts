import { describe, expect, it } from '@jest/globals';

import { readConfig } from '../config.js';
import { parseTrustedProxies } from './trusted-proxies.js';

describe('trusted proxies', () => {
  it.each([
    ['', false],
    ['false', false],
    ['1', 1],
    ['2', 2],
    ['10.1.2.3', ['10.1.2.3']],
    ['loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
  ])('%j is %j', (text, proxies) => {
    expect(parseTrustedProxies(text)).toEqual(proxies);
  });

  it.each(['true', '0', '-1', '10', 'proxy.example.org', '10.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.1,', '*'])(
    '%j is refused: everybody could forge their address, or it means nothing',
    (text) => {
      expect(parseTrustedProxies(text)).toBeNull();
    },
  );

  it('are nobody unless set, and the settings say what to write', () => {
    const environment = {
      KAFKA_BROKERS: '127.0.0.1:9092',
      MONGODB_URI: 'mongodb://127.0.0.1:27017',
      PORT: '0',
      ROLLCALL_KEYS_DIR: '/keys',
    };
    expect(readConfig(environment).TRUST_PROXY).toBe(false);
    expect(() => readConfig({ ...environment, TRUST_PROXY: 'true' })).toThrow(
      /TRUST_PROXY is wrong: .*how many proxies/,
    );
  });
});
