import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { withoutEchoes } from './secret-echoes.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const secret = `test+secret/"<'é>&=`;

/** How a vendor may write what it was sent. */
const writings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in JSON': (text) => JSON.stringify({ message: `bad: ${text}` }),
  'in JSON in JSON': (text) => JSON.stringify(JSON.stringify({ message: text })),
  'in JSON with escaped slashes': (text) => JSON.stringify(text).replaceAll('/', '\\/'),
  'in a URL': (text) => `https://api.example.com/?key=${encodeURIComponent(text)}`,
  'in a URL with small letters': (text) => encodeURIComponent(text).replaceAll(/%../g, (code) => code.toLowerCase()),
  'in a URL in a URL': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in a form': (text) => new URLSearchParams({ key: text }).toString(),
  'in HTML': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'in hex': (text) => Buffer.from(text).toString('hex'),
  'in base64': base64,
  'in base64url': (text) => Buffer.from(text).toString('base64url'),
  'in a Basic header': (text) => `Authorization: Basic ${base64(`user:${text}`)}`,
  'as a user name in a Basic header': (text) => `Basic ${base64(`${text}: `)}`,
};

describe('the words of a vendor without what it was sent', () => {
  it.each(Object.entries(writings))('hold no secret %s', (_, write) => {
    const clean = withoutEchoes(`before ${write(secret)} after`, [secret]);
    expect(clean).toContain('[secret]');
    expect(clean).toMatch(/^before .* after$/);
    for (const show of Object.values(writings)) expect(clean).not.toContain(show(secret));
  });

  it('hold none of any secret, however it is written', () => {
    const value = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' });
    fc.assert(
      fc.property(value, fc.constantFrom(...Object.keys(writings)), (text, name) => {
        const written = writings[name]!(text);
        expect(withoutEchoes(written, [text]).includes('[secret]')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('stay as they are where they hold none, also beside short values', () => {
    const words = 'No such user: dGhpcyBpcyBoYXJtbGVzcw== at https://api.example.com/users';
    expect(withoutEchoes(words, [secret, ' ', 'user', ''])).toBe(words);
  });
});
