import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { developmentSwitchNames, refusedSwitches } from './development-switches.js';
import { ConfigError, parseEnvironment } from './service-config.js';

const on: Readonly<Record<string, string>> = {
  ALLOW_LOOPBACK: 'true',
  RATE_BUDGET_FACTOR: '10',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
};
const off: Readonly<Record<string, string>> = {
  ALLOW_LOOPBACK: 'false',
  RATE_BUDGET_FACTOR: '0.5',
  NODE_TLS_REJECT_UNAUTHORIZED: '1',
};

describe('development switches', () => {
  it('have a value here for each that there is', () => {
    expect(Object.keys(on).sort()).toEqual([...developmentSwitchNames].sort());
    expect(Object.keys(off).sort()).toEqual([...developmentSwitchNames].sort());
  });

  it.each(Object.entries(on))('are refused in production: %s=%s', (name, value) => {
    const [line, ...more] = refusedSwitches({ NODE_ENV: 'production', [name]: value });
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^${name} is a development switch and refused .*: it .*\\. Take it out`));
    for (const NODE_ENV of ['development', 'test', undefined])
      expect(refusedSwitches({ NODE_ENV, [name]: value })).toEqual([]);
  });

  it('are no trouble in production where they are off, empty or missing', () => {
    expect(refusedSwitches({ NODE_ENV: 'production', ...off })).toEqual([]);
    const empty = Object.fromEntries(developmentSwitchNames.map((name) => [name, '']));
    expect(refusedSwitches({ NODE_ENV: 'production', ...empty })).toEqual([]);
    expect(refusedSwitches({ NODE_ENV: 'production' })).toEqual([]);
  });

  it('count also for a service that has no such setting', () => {
    const schema = z.object({ NODE_ENV: z.string() });
    expect(() => parseEnvironment(schema, { NODE_ENV: 'production', ALLOW_LOOPBACK: 'true' })).toThrow(ConfigError);
    expect(parseEnvironment(schema, { NODE_ENV: 'development', ALLOW_LOOPBACK: 'true' })).toBeDefined();
  });
});
