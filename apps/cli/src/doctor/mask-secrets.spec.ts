import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { forgetSecretValues } from '@rollcall/observability';

import { stackPaths } from '../stack/stack-paths.js';
import { maskSecrets } from './mask-secrets.js';

const kek = 'example-key-encryption-key-of-a-test';

describe('maskSecrets', () => {
  let directory = '';
  let mask: (line: string) => string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rollcall-doctor-'));
    const paths = stackPaths({ ROLLCALL_DIR: directory });
    mkdirSync(paths.keys);
    writeFileSync(paths.kek, `${kek}\n`);
    mask = maskSecrets(paths, { MY_TOKEN: 'example-token-1', MONGODB_URI: 'mongodb://u:test%2Fpass@db.example/x' });
  });

  afterAll(() => {
    forgetSecretValues();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each([
    ['a stored key', `the key is ${kek}.`, kek],
    [
      'a stored key in base64',
      Buffer.from(`:${kek}`).toString('base64'),
      Buffer.from(kek).toString('base64').slice(4, 20),
    ],
    ['a secret of the environment', 'sent example-token-1', 'example-token-1'],
    ['the password of an address', 'cannot log in with test/pass', 'test/pass'],
    ['any password in an address', 'MONGODB_URI mongodb+srv://me:other-test@db.example', 'other-test'],
    ['any API key of ours', `rc_local_${'0a'.repeat(32)}_12345678`, '0a0a'],
    ['any authorization', 'authorization: Bearer example.test.value', 'example.test.value'],
  ])('hides %s', (_what, line, secret) => {
    expect(mask(line)).not.toContain(secret);
    expect(mask(line)).toContain('[secret]');
  });

  it('leaves the rest of a line alone', () => {
    const line = 'mongodb://127.0.0.1:27027/?replicaSet=rollcall is ready, see user@example.com';
    expect(mask(line)).toBe(line);
  });
});
