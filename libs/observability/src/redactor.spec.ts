import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isOrdinary } from './ordinary-text.js';
import { forgetSecretValues, mostRedactedSecrets, redactSecrets, registerSecretValue } from './redactor.js';

afterEach(forgetSecretValues);

const plain = 'exampleSecret7f3a91c2XyZ';
const special = 'ex"am\\ple/se+cr&et <ü>\'%=\n9';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const json = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Every form of P20 that a line may carry, from the secret. */
const forms: Record<string, (secret: string) => string> = {
  raw: (secret) => secret,
  base64: base64,
  'base64 after one byte': (secret) => base64(`x${secret}`),
  'base64 after two bytes': (secret) => base64(`xy${secret}`),
  'base64 of user:secret': (secret) => base64(`some.user@vendor.example:${secret}`),
  'base64 of secret:': (secret) => base64(`${secret}:`),
  base64url: (secret) => Buffer.from(`user:${secret}`).toString('base64url'),
  'URL-encoded': encodeURIComponent,
  'URL-encoded in lower case': (secret) => encodeURIComponent(secret).replace(/%../g, (hex) => hex.toLowerCase()),
  'URL-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'form-encoded': (secret) => new URLSearchParams({ key: secret }).toString().slice(4),
  'every byte percent-encoded': (secret) =>
    [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  'JSON-escaped': json,
  'JSON-escaped twice': (secret) => json(json(secret)),
  'JSON-escaped to ASCII': (secret) =>
    json(secret).replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'HTML-escaped': (secret) =>
    secret.replace(/[&<>"']/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? '&#39;'),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  'hex in upper case': (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'hex of UTF-16': (secret) => Buffer.from(secret, 'utf16le').toString('hex'),
  'first 16 characters': (secret) => secret.slice(0, 16),
  'last 16 characters': (secret) => secret.slice(-16),
  'ten characters quoted by a parser': (secret) => secret.slice(3, 13),
};

describe('redactSecrets', () => {
  for (const [kind, secret] of Object.entries({ plain, special })) {
    it.each(Object.keys(forms))(`replaces every occurrence of a ${kind} secret as %s (P20)`, (form) => {
      const shown = forms[form]!(secret);
      registerSecretValue(secret);
      const line = `before ${shown} between ${shown}, "${shown}" end`;
      const redacted = redactSecrets(line);
      expect(redacted).not.toContain(shown);
      expect(redacted.match(/\[secret\]/g)!.length).toBeGreaterThanOrEqual(3);
      expect(redacted).toMatch(/^before .* end$/s);
    });
  }

  it('replaces every occurrence of a short secret', () => {
    registerSecretValue('t3st');
    expect(redactSecrets('t3st and t3st, t3st')).toBe('[secret] and [secret], [secret]');
  });

  it('leaves no recoverable part of a secret in base64 behind any user name', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 6, maxLength: 60 }),
        fc.string({ maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        (secret, before, after) => {
          forgetSecretValues();
          registerSecretValue(secret);
          for (const encoding of ['base64', 'base64url'] as const) {
            const redacted = redactSecrets(
              `authorization: Basic ${Buffer.from(before + secret + after).toString(encoding)}`,
            );
            expect(redacted).toBe('authorization: Basic [secret]');
          }
        },
      ),
    );
  });

  const isShortWord = (text: string) => text.length < 8 && /^(?:[\p{L}\p{M}]+|\p{N}+)$/u.test(text);
  /** Ordinary and short words have rules of their own; see `harmless-lines.spec.ts`. */
  const anySecret = fc
    .string({ unit: 'grapheme', minLength: 4, maxLength: 40 })
    .filter((text) => !isOrdinary(text) && !isShortWord(text));

  it('finds any secret inside any text, raw, URL-encoded and JSON-escaped', () => {
    fc.assert(
      fc.property(anySecret, fc.string(), (secret, around) => {
        forgetSecretValues();
        registerSecretValue(secret);
        for (const shown of [secret, encodeURIComponent(secret), json(secret)]) {
          expect(redactSecrets(`${around}${shown}${around}`)).toContain('[secret]');
        }
      }),
    );
  });

  it('catches what JSON.parse, URL and headers quote in their errors (N8)', () => {
    registerSecretValue(plain);
    const quotes = [
      () => JSON.parse(plain) as unknown,
      () => JSON.parse(`{"a":1,"key":${plain}}`) as unknown,
      () => new URL(`http://user:${plain}@:bad`),
      () => new Headers({ 'x-key': `${plain}\nx` }),
    ];
    for (const quote of quotes) {
      try {
        quote();
      } catch (error) {
        const text = redactSecrets(`${String(error)} ${(error as { input?: string }).input ?? ''}`);
        for (let at = 0; at + 10 <= plain.length; at += 1) expect(text).not.toContain(plain.slice(at, at + 10));
      }
    }
    expect.hasAssertions();
  });

  it('changes nothing else, and nothing at all without secrets', () => {
    const line = 'run r1 of integration i1 ended: 240 users, deadbeef, aGVsbG8gd29ybGQ=';
    expect(redactSecrets(line)).toBe(line);
    registerSecretValue(plain);
    expect(redactSecrets(line)).toBe(line);
  });

  it('ignores values too short to be told from other text', () => {
    for (const short of ['', 'a', 'abc']) registerSecretValue(short);
    expect(redactSecrets('abc a')).toBe('abc a');
  });

  it('remembers a bounded number of values, those used last', () => {
    registerSecretValue('example-first-value');
    for (let made = 0; made < mostRedactedSecrets - 1; made += 1) registerSecretValue(`filler.${made}.test`);
    registerSecretValue('example-first-value');
    registerSecretValue('one-more-example');
    expect(redactSecrets('example-first-value')).toBe('[secret]');
    expect(redactSecrets('filler.0.test')).toBe('filler.0.test');
    expect(redactSecrets('filler.1.test')).toBe('[secret]');
  });
});
