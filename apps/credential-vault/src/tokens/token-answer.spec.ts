import { describe, expect, it } from '@jest/globals';

import { defaultLifeSeconds, readTokenAnswer } from './token-answer.js';

const answer = (body: unknown, status = 200) => readTokenAnswer(status, JSON.stringify(body), []);
const good = { token_type: 'Bearer', access_token: 'example-token', expires_in: 3599 };

describe('the answer of a token endpoint', () => {
  it('is a token when it says so', () => {
    const token = { accessToken: 'example-token', lifeSeconds: 3599, refreshToken: null };
    expect(answer(good)).toEqual({ kind: 'token', token });
    expect(answer({ ...good, refresh_token: 'example-refresh' })).toEqual({
      kind: 'token',
      token: { ...token, refreshToken: 'example-refresh' },
    });
    expect(answer({ ...good, refresh_token: 'with\nbreak' })).toEqual({ kind: 'token', token });
    expect(answer({ ...good, token_type: 'bearer', more: 1 })).toMatchObject({ kind: 'token' });
  });

  it.each([
    [0, defaultLifeSeconds],
    [-1, defaultLifeSeconds],
    ['3599', 3599],
    [undefined, defaultLifeSeconds],
    [315_360_000, defaultLifeSeconds],
    ['soon', defaultLifeSeconds],
    [null, defaultLifeSeconds],
    [86_400, 86_400],
  ])('with expires_in %j lives %d seconds (V20)', (expires_in, lifeSeconds) => {
    expect(answer({ ...good, expires_in })).toMatchObject({ kind: 'token', token: { lifeSeconds } });
  });

  it.each([
    [{ ...good, access_token: '' }],
    [{ ...good, access_token: 7 }],
    [{ ...good, access_token: 'two words' }],
    [{ ...good, access_token: 'line\r\nbreak' }],
    [{ ...good, token_type: 'mac' }],
    [{ access_token: 'example-token' }],
    [[good]],
    [null],
  ])('is no token when it is %j', (body) => {
    expect(answer(body)).toMatchObject({ kind: 'unavailable' });
  });

  it('is a refusal that names the address when it is a sign-in page, because waiting would change nothing', () => {
    for (const text of ['<html>Sign in</html>', '\n<!DOCTYPE html><html></html>']) {
      const answer = readTokenAnswer(200, text, []);
      expect(answer).toEqual({ kind: 'refused', words: expect.stringContaining('tenant (or the token URL) is wrong') });
    }
    expect(readTokenAnswer(503, '<html>busy</html>', [])).toMatchObject({ kind: 'unavailable' });
  });

  it.each(['', 'Sign in', '{"access_token":"exa'])('is no token when its text is %j (V9)', (text) => {
    expect(readTokenAnswer(200, text, [])).toMatchObject({ kind: 'unavailable' });
  });

  it('is a refusal with the words of the vendor, also with status 200 (V8)', () => {
    const error = { error: 'invalid_client', error_description: 'AADSTS7000215:\r\nwrong secret' };
    for (const status of [200, 400, 401, 403]) {
      expect(answer(error, status)).toEqual({
        kind: 'refused',
        words: `status ${status}, "invalid_client: AADSTS7000215: wrong secret"`,
      });
    }
    expect(readTokenAnswer(401, '', [])).toEqual({ kind: 'refused', words: 'status 401' });
  });

  it.each([408, 425, 429, 500, 502, 503, 504])('may come later after status %d', (status) => {
    expect(answer({ error: 'busy' }, status)).toMatchObject({ kind: 'unavailable' });
  });

  it('never brings more words than a person reads', () => {
    const { words } = answer({ error: 'x'.repeat(5000) }, 400) as { words: string };
    expect(words.length).toBeLessThan(330);
  });
});

describe('the words of a token endpoint', () => {
  const secret = 'example+secret/"é';
  const wordsFor = (description: string) => {
    const body = { error: 'invalid_client', error_description: description };
    return (readTokenAnswer(400, JSON.stringify(body), [secret, '']) as { words: string }).words;
  };

  it('hold none of the secrets that it was sent, however they are encoded', () => {
    const basic = `Basic ${Buffer.from(`client:${secret}`).toString('base64')}`;
    const echoes = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    for (const echo of echoes) expect(wordsFor(`bad: ${echo}!`)).toBe('status 400, "invalid_client: bad: [secret]!"');
    expect(wordsFor(`sent ${basic}`)).toBe('status 400, "invalid_client: sent Basic [secret]"');
  });

  it('hold no part of one where they are cut', () => {
    for (let length = 260; length < 300; length += 1) {
      expect(wordsFor(`${'x'.repeat(length)} ${secret}`)).not.toContain(secret.slice(0, 4));
    }
  });
});
