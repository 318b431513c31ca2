import { describe, expect, it } from '@jest/globals';

import { readConfig } from './config.js';

describe('the environment', () => {
  it('has a default for everything', () => {
    expect(readConfig({})).toMatchObject({
      seed: 'rollcall',
      company: 'demo',
      startDay: 0,
      ledgerFile: undefined,
      ports: { lastpass: 0, jumpcloud: 0, control: 0 },
      credentials: {
        lastpass: { cid: '12345678', provhash: 'test-provisioning-hash' },
        jumpcloud: { apiKey: 'test-api-key' },
      },
      latencyMs: 0,
      rateLimit: 'vendor',
      tokenLifeSeconds: undefined,
      vendors: undefined,
    });
  });

  it('sets ports, credentials, company and limits', () => {
    const options = readConfig({
      SIMULATOR_LASTPASS_PORT: '7101',
      SIMULATOR_JUMPCLOUD_PORT: '7102',
      SIMULATOR_CONTROL_PORT: '7100',
      SIMULATOR_LEDGER_FILE: 'ledger.jsonl',
      SIMULATOR_SEED: 'example',
      SIMULATOR_COMPANY: 'load:20000',
      SIMULATOR_LASTPASS_CID: '77',
      SIMULATOR_LASTPASS_PROVHASH: 'example-hash',
      SIMULATOR_JUMPCLOUD_API_KEY: 'example-key',
      SIMULATOR_RATE_LIMIT_PER_SECOND: '10',
    });
    expect(options).toMatchObject({
      seed: 'example',
      company: 'load:20000',
      ledgerFile: 'ledger.jsonl',
      ports: { lastpass: 7101, jumpcloud: 7102, control: 7100 },
      credentials: { lastpass: { cid: '77', provhash: 'example-hash' }, jumpcloud: { apiKey: 'example-key' } },
      rateLimit: { perSecond: 10, burst: 20 },
    });
  });

  it.each([
    [{ SIMULATOR_COMPANY: 'load:none' }, 'SIMULATOR_COMPANY'],
    [{ SIMULATOR_CONTROL_PORT: '99999' }, 'SIMULATOR_CONTROL_PORT'],
    [{ SIMULATOR_LASTPASS_PORT: 'x' }, 'lastpass'],
  ])('refuses %j by name', (env, name) => {
    expect(() => readConfig(env)).toThrow(name);
  });
});
