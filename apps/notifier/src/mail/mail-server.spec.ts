import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { failureOf } from './mail-failure.js';
import { type MailServer, parseMailServer, transportOptions } from './mail-server.js';

const parsed = (text: string): MailServer => {
  const server = parseMailServer(text);
  if (typeof server === 'string') throw new Error(server);
  return server;
};

describe('SMTP_URL', () => {
  it.each([
    ['smtp://mail.example.org', { host: 'mail.example.org', secure: false, requireTLS: false }],
    ['smtp://127.0.0.1:1025/', { host: '127.0.0.1', port: 1025, secure: false, requireTLS: false }],
    ['smtp://[::1]:25', { host: '::1', port: 25, secure: false, requireTLS: false }],
    ['smtps://mail.example.org:465', { host: 'mail.example.org', port: 465, secure: true, requireTLS: false }],
    [
      'smtp://us%40er:p%3Ass-test@mail.example.org:587',
      { secure: false, requireTLS: true, auth: { user: 'us@er', pass: 'p:ss-test' } },
    ],
    ['smtp://user@127.0.0.1', { secure: false, requireTLS: true, auth: { user: 'user', pass: '' } }],
    ['smtps://user:test@mail.example.org', { secure: true, requireTLS: false, auth: { user: 'user', pass: 'test' } }],
  ])('%s becomes options that encrypt whatever has a login', (text, options) => {
    expect(transportOptions(parsed(text))).toMatchObject({
      ...options,
      tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    });
  });

  it.each([
    'http://mail.example.org',
    'smtp:///',
    'mail.example.org',
    'smtp://mail.example.org?tls.rejectUnauthorized=false',
    'smtp://mail.example.org?ignoreTLS=true',
    'smtp://user:test@mail.example.org/?requireTLS=false',
    'smtp://mail.example.org/path',
    'smtp://user:100%@mail.example.org',
  ])('is refused as %s, without showing a value', (text) => {
    const fault = parseMailServer(text);
    expect(fault).toEqual(expect.any(String));
    expect(fault).not.toContain('mail.example.org');
  });

  it('does not show its password when the configuration is printed', () => {
    const server = parsed('smtp://user:example-password@mail.example.org');
    expect(inspect(server, { depth: 5 }) + JSON.stringify(server)).not.toContain('example-password');
  });
});

describe('a failed mail', () => {
  it.each([
    ['550 no such user', { code: 'EENVELOPE', responseCode: 550 }, 'refused'],
    ['450 later', { code: 'EENVELOPE', responseCode: 450 }, 'retry'],
    ['535 wrong password', { code: 'EAUTH', responseCode: 535 }, 'retry'],
    ['502 unknown command', { code: 'ETLS', command: 'STARTTLS', responseCode: 502 }, 'retry'],
    ['connect ECONNREFUSED', { code: 'ESOCKET' }, 'retry'],
  ])('after "%s" %j is to be: %s', (message, rest, kind) => {
    expect(failureOf(Object.assign(new Error(message), rest)).kind).toBe(kind);
  });
});
