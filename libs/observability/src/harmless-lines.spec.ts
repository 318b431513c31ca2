import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isOrdinary } from './ordinary-text.js';
import { forgetSecretValues, redactSecrets, registerSecretValue } from './redactor.js';

afterEach(forgetSecretValues);

/** Lines as services write them. */
const lines = [
  'credential-vault knows no command credential.rename: update both services',
  'connect ECONNREFUSED 127.0.0.1:29092',
  'the token bucket of this connector is empty: the next request waits 12 seconds',
  'record of key 4711 rejected: authorization failed at the vendor',
  'mapping.raw-records/4 is failing since 30 s',
  'kafka: no broker answers at localhost:9092; see KAFKA_BROKERS',
  'consumer workflow.people joined its group with 6 partitions',
  'a secret of the credential was refused by the vendor: password expired, enter it again',
  'POST /api/v1/integrations failed: MongoDB does not answer',
];
/** What somebody may enter as a credential, to hide what services say. */
const blanking = [
  ...[
    'credential',
    'credentials',
    'Credential',
    'token',
    'authorization failed',
    'password',
    'secret',
    'error',
    'failed',
  ],
  ...[
    'token bucket',
    'key',
    'record',
    'mapping',
    'partition',
    'credential-vault',
    'vendor',
    'the vendor',
    'since 30 s',
  ],
  ...['http://127.0.0.1:29092', 'http://127.0.0.1:4011/', 'https://localhost:9092', '127.0.0.1', 'localhost'],
];

describe('lines without secrets', () => {
  it.each(blanking)('stay whole although somebody entered "%s" as a credential', (value) => {
    registerSecretValue(value);
    for (const line of lines) expect(redactSecrets(line)).toBe(line);
  });

  it('stay whole whatever ordinary words are secrets, and although addresses with paths and long secrets are', () => {
    const value = fc.oneof(
      fc.constantFrom(...blanking),
      fc.tuple(fc.constantFrom(...blanking), fc.constantFrom(...blanking)).map((pair) => pair.join(' ')),
      fc.integer({ min: 1, max: 65_535 }).map((port) => `http://127.0.0.1:${port}/oauth2/x-${port}-example/token`),
      fc.stringMatching(/^[0-9a-f]{32}$/).map((hex) => `credential-example-${hex}`),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), fc.constantFrom(...lines), (values, line) => {
        forgetSecretValues();
        for (const secret of values) registerSecretValue(secret);
        expect(redactSecrets(line)).toBe(line);
      }),
    );
  });

  it('show the address of an engine although a token address on the same machine is a secret', () => {
    registerSecretValue('http://127.0.0.1:4013/oauth/example-tenant/token');
    expect(redactSecrets('connect ECONNREFUSED 127.0.0.1:29092')).toBe('connect ECONNREFUSED 127.0.0.1:29092');
    expect(redactSecrets('POST http://127.0.0.1:4013/oauth/example-tenant/token')).toBe('POST [secret]');
  });
});

describe('a secret that is an ordinary word', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  it.each<[string, (secret: string) => string]>([
    ['in JSON', (secret) => JSON.stringify({ password: secret })],
    ['in JSON within JSON', (secret) => JSON.stringify(JSON.stringify({ password: secret }))],
    ['in single quotes', (secret) => `unknown value '${secret}'`],
    ['in a query', (secret) => `GET /x?user=me&pass=${secret}&page=2`],
    ['in a form', (secret) => `client_secret=${secret}`],
    ['as the password of an address', (secret) => `mongodb://me:${secret}@db.example/x`],
    ['in a Basic header', (secret) => `authorization: Basic ${base64(`me:${secret}`)}`],
    ['in hex', (secret) => `bytes ${Buffer.from(secret).toString('hex')}`],
  ])('is hidden where it stands as a value: %s', (_, show) => {
    for (const secret of ['credential', 'password', 'mapping', 'token-bucket']) {
      forgetSecretValues();
      registerSecretValue(secret);
      const shown = show(secret);
      expect(redactSecrets(shown)).not.toBe(shown);
      expect(redactSecrets(shown)).toContain('[secret]');
    }
  });
});

describe('a short secret of letters or of digits alone', () => {
  it.each([
    ['pass', 'the old one passed, and passwords are compared'],
    ['vers', 'versions of the reversed list'],
    ['4711', 'offset 147110 at 17644711022'],
    ['2026', 'part 120260'],
  ])('masks no part of longer words: %s', (secret, line) => {
    registerSecretValue(secret);
    expect(redactSecrets(line)).toBe(line);
  });

  it.each<[string, (secret: string) => string]>([
    ['alone', (secret) => secret],
    ['between blanks', (secret) => `login with ${secret} failed`],
    ['in JSON', (secret) => JSON.stringify({ password: secret })],
    ['behind an escaped line break', (secret) => JSON.stringify(`entered:\n${secret}`)],
    ['behind an escaped character', (secret) => `entered\\u001f${secret}`],
    ['in a URL', (secret) => `https://vendor.example/x%20${secret}%20y?key=${secret}&page=2`],
    ['between underscores', (secret) => `my_${secret}_key`],
    ['in a Basic header', (secret) => `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`],
    ['in hex', (secret) => `bytes ${Buffer.from(secret).toString('hex')}`],
  ])('is hidden wherever it stands as a word: %s', (_, show) => {
    for (const secret of ['hunter', 'qzxv', '471193', '8080']) {
      forgetSecretValues();
      registerSecretValue(secret);
      const shown = show(secret);
      expect(redactSecrets(shown)).toContain('[secret]');
      expect(redactSecrets(shown)).not.toContain(secret);
    }
  });
});

describe('a secret that is no ordinary word', () => {
  it.each([
    'hunter',
    'Passw0rd',
    '12345678',
    'correct horse',
    'credential-7f3a91',
    'tokenx',
    'tOkEn',
    'Zürich',
    'error-98765',
  ])('is hidden everywhere: %s', (secret) => {
    expect(isOrdinary(secret)).toBe(false);
    registerSecretValue(secret);
    expect(redactSecrets(`login with ${secret} failed`)).toBe('login with [secret] failed');
  });

  it('is hidden inside any sentence of ordinary words', () => {
    const secret = fc
      .string({ unit: 'grapheme', minLength: 4, maxLength: 60 })
      .filter((text) => !isOrdinary(text) && !lines.some((line) => line.includes(text)));
    fc.assert(
      fc.property(secret, fc.constantFrom(...lines), (value, line) => {
        forgetSecretValues();
        registerSecretValue(value);
        expect(redactSecrets(`${line} ${value} ${line}`)).not.toContain(` ${value} `);
        expect(redactSecrets(`${line}?key=${encodeURIComponent(value)}`)).toContain('[secret]');
      }),
    );
  });
});
