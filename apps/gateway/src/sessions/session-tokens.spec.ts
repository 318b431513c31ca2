import { describe, expect, it } from '@jest/globals';

import { csrfTokenOf, isSameHash, newSessionId, newToken, parseToken } from './session-tokens.js';

describe('a token of a session', () => {
  it('names its session and is known by its hash, which does not tell it', () => {
    const token = newToken(newSessionId());
    expect(parseToken(token.text)).toEqual(token);
    expect(token.text).not.toContain(token.hash);
    expect(newToken(token.session).hash).not.toBe(token.hash);
  });

  it.each(['', '.', 'a.b', `${'a'.repeat(22)}.${'b'.repeat(44)}`, `${'a'.repeat(22)}.${'b'.repeat(42)}é`])(
    'is no other text: %j',
    (text) => {
      expect(parseToken(text)).toBeNull();
    },
  );

  it('is compared by its bytes, whatever characters somebody sends', () => {
    const csrf = csrfTokenOf(newSessionId());
    expect(isSameHash(csrf, csrf)).toBe(true);
    expect(isSameHash(csrf, `${csrf.slice(0, -1)}é`)).toBe(false);
    expect(isSameHash(csrf, '')).toBe(false);
  });
});
