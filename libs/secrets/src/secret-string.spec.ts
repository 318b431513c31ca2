import { format, inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import {
  markPlainFields,
  noteSecretInUse,
  onSecretUnwrapped,
  SecretString,
  unwrapSecret,
  wrapSecret,
} from './secret-string.js';

const value = 'example-password-42';
const secret = new SecretString(value);

describe('SecretString', () => {
  const printed: Record<string, () => string> = {
    template: () => `${secret as unknown as string}`,
    concatenation: () => 'x' + (secret as unknown as string),
    String: () => String(secret),
    toString: () => secret.toString(),
    toLocaleString: () => secret.toLocaleString(),
    JSON: () => JSON.stringify({ secret, list: [secret] }),
    inspect: () => inspect(secret, { showHidden: true, depth: 10, getters: true }),
    'inspect inside': () =>
      inspect({ deep: { secret }, map: new Map([['k', secret]]) }, { depth: 10, showProxy: true }),
    'format %s': () => format('%s', secret),
    'format %o': () => format('%o %O %j', secret, secret, secret),
    join: () => [secret].join(),
    'spread, own keys and symbols': () =>
      JSON.stringify([{ ...secret }, Object.entries(secret), Reflect.ownKeys(secret).map(String)]),
    'structured clone': () => inspect(structuredClone(secret), { showHidden: true }),
    'error message': () => new Error(`wrong ${secret as unknown as string}`).stack ?? '',
  };
  it.each(Object.keys(printed))('shows nothing of its value by %s', (way) => {
    expect(printed[way]!()).not.toContain(value);
  });

  it('prints as [secret]', () => {
    for (const way of ['template', 'String', 'toString', 'inspect', 'format %s', 'join']) {
      expect(printed[way]!()).toContain('[secret]');
    }
    expect(JSON.parse(JSON.stringify({ secret }))).toEqual({ secret: '[secret]' });
  });

  it('is opened by unwrapSecret alone, which tells its listeners', () => {
    const heard: string[] = [];
    const stop = onSecretUnwrapped((text) => heard.push(text));
    expect(unwrapSecret(secret)).toBe(value);
    stop();
    unwrapSecret(secret);
    expect(heard).toEqual([value]);
    expect(() => unwrapSecret({} as SecretString)).toThrow(TypeError);
  });

  it('is told to nobody when its field is declared to be no secret, and to all when nobody declared it', () => {
    const heard: string[] = [];
    const stop = onSecretUnwrapped((text) => heard.push(text));
    const fields = ['clientId', 'clientSecret', 'unheardOf'].map(
      (name) => [name, new SecretString(`test-${name}`)] as const,
    );
    const inputs = [
      { name: 'clientId', secret: false },
      { name: 'clientSecret', secret: true },
    ];
    markPlainFields(fields, inputs);
    for (const [name, value] of fields) expect(unwrapSecret(value)).toBe(`test-${name}`);
    expect(heard).toEqual(['test-clientSecret', 'test-unheardOf']);
    noteSecretInUse('test-part');
    stop();
    expect(heard.at(-1)).toBe('test-part');
    expect(String(fields[0]![1])).toBe('[secret]');
  });

  it('wraps once and knows emptiness', () => {
    expect(wrapSecret(secret)).toBe(secret);
    expect(unwrapSecret(wrapSecret('test'))).toBe('test');
    expect([new SecretString('').isEmpty, secret.isEmpty]).toEqual([true, false]);
  });
});
