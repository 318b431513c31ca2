import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { SecretString } from './secret-string.js';
import { ValueDigests } from './value-digests.js';

const pem = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('digests of secret values', () => {
  const [one, other] = [pem(), pem()];
  const digestOf = (value: string, key = one) => ValueDigests.of(key).digest(new SecretString(value));

  it('are the same for the same value and key alone, and hold nothing of the value', () => {
    expect(digestOf('example-1')).toBe(digestOf('example-1'));
    expect(digestOf('example-1')).not.toBe(digestOf('example-2'));
    expect(digestOf('example-1')).toMatch(/^[\w-]{8}\.[\w-]{43}$/);
  });

  it('name their key, so that those of another one are told apart', () => {
    expect(digestOf('example-1').startsWith(ValueDigests.of(one).prefix)).toBe(true);
    expect(digestOf('example-1').startsWith(ValueDigests.of(other).prefix)).toBe(false);
    expect(digestOf('example-1').slice(9)).not.toBe(digestOf('example-1', other).slice(9));
  });
});
