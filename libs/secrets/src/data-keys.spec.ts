import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { dataKeyUseLimit, generateDataKey, unwrapDataKey, wrapDataKey, wrappingKeyIdOf } from './data-keys.js';
import { keyCheckValue, KeyEncryptionKey, matchesKeyCheckValue } from './key-encryption-key.js';

const text = randomBytes(32).toString('base64');
const kek = KeyEncryptionKey.parse(text);
const other = KeyEncryptionKey.parse(randomBytes(32).toString('base64'));
const refusal = (code: string): Error => expect.objectContaining({ code }) as unknown as Error;

describe('KeyEncryptionKey', () => {
  it.each([
    ['', 'key-missing'],
    ['  \n', 'key-missing'],
    ['not base64 at all!', 'key-malformed'],
    [Buffer.alloc(31).toString('base64'), 'key-malformed'],
    [Buffer.alloc(33).toString('base64'), 'key-malformed'],
    [Buffer.alloc(32).toString('hex'), 'key-malformed'],
    [Buffer.alloc(32).toString('base64').replace('=', ''), 'key-malformed'],
  ])('refuses %p with %s and says what to do (P24)', (given, code) => {
    expect(() => KeyEncryptionKey.parse(given)).toThrow(refusal(code));
    expect(() => KeyEncryptionKey.parse(given)).toThrow(/openssl rand -base64 32/);
  });

  it('never quotes the key in a message', () => {
    const short = randomBytes(20).toString('base64');
    expect(() => KeyEncryptionKey.parse(short, 'ROLLCALL_KEK')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(short) }) as unknown as Error,
    );
  });

  it('names the variable that is missing', () => {
    expect(KeyEncryptionKey.fromEnvironment({ ROLLCALL_KEK: ` ${text}\n` }, 'ROLLCALL_KEK').id).toBe(kek.id);
    expect(() => KeyEncryptionKey.fromEnvironment({}, 'ROLLCALL_KEK')).toThrow(/ROLLCALL_KEK/);
  });

  it('prints nothing of the key', () => {
    expect(inspect(kek, { showHidden: true, depth: 9 }) + JSON.stringify(kek)).not.toContain(text.slice(0, 12));
  });

  it('has a check value that tells a wrong key and nothing about the right one', () => {
    expect(matchesKeyCheckValue(KeyEncryptionKey.parse(text), keyCheckValue(kek))).toBe(true);
    expect(matchesKeyCheckValue(other, keyCheckValue(kek))).toBe(false);
    expect(matchesKeyCheckValue(kek, '')).toBe(false);
    expect(keyCheckValue(kek)).not.toContain(text.slice(0, 8));
  });
});

describe('wrapDataKey', () => {
  const dataKey = generateDataKey();
  const wrapped = wrapDataKey(kek, dataKey);

  it('gives the data key back', () => {
    expect(unwrapDataKey(kek, dataKey.id, wrapped).key.equals(dataKey.key)).toBe(true);
    expect(wrappingKeyIdOf(wrapped)).toBe(kek.id);
    expect(wrapped).not.toContain(dataKey.key.export().toString('base64url'));
  });

  it('names a wrong key-encryption key (P24)', () => {
    expect(() => unwrapDataKey(other, dataKey.id, wrapped)).toThrow(refusal('wrong-key-encryption-key'));
  });

  it('refuses another id, a forged key id, an altered or a cut text', () => {
    const forged = wrapDataKey(other, dataKey).replace(other.id, kek.id);
    const last = wrapped.endsWith('A') ? 'B' : 'A';
    for (const bad of [forged, wrapped.slice(0, -1), wrapped.slice(0, -1) + last, 'rk1.a', '', `${wrapped}.x`]) {
      const expected = bad === 'rk1.a' ? 'wrong-key-encryption-key' : 'secret-unreadable';
      expect(() => unwrapDataKey(kek, dataKey.id, bad)).toThrow(refusal(expected));
    }
    expect(() => unwrapDataKey(kek, 'other-id', wrapped)).toThrow(refusal('secret-unreadable'));
  });

  it('keeps the limit of uses half of what random nonces allow', () => {
    expect(dataKeyUseLimit).toBe(2_147_483_648);
  });
});
