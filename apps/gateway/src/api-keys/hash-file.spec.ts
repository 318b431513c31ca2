import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { readConfig } from '../config.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-hash-file-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const hash = 'a1'.repeat(32);
const settings = (path: string) => ({
  KAFKA_BROKERS: '127.0.0.1:9092',
  MONGODB_URI: 'mongodb://127.0.0.1:27017',
  PORT: '0',
  ROLLCALL_KEYS_DIR: '/keys',
  ROLLCALL_BOOTSTRAP_API_KEY_HASH_FILE: path,
});

function configWith(content: string) {
  const path = join(directory, 'api-key.sha256');
  writeFileSync(path, content);
  return readConfig(settings(path));
}

describe('the hash of the first API key in a file', () => {
  it.each([hash, `${hash}\n`, `  ${hash}\r\n`])('is read whatever ends the line: %j', (content) => {
    expect(configWith(content).ROLLCALL_BOOTSTRAP_API_KEY_HASH_FILE).toBe(hash);
  });

  it.each(['', 'rollcall_test_example', hash.toUpperCase(), `${hash}  /keys/api-key`, hash.slice(1)])(
    'is refused when the file holds something else, which is not repeated: %j',
    (content) => {
      expect(() => configWith(content)).toThrow(
        /^ROLLCALL_BOOTSTRAP_API_KEY_HASH_FILE is wrong: .*api-key\.sha256 must hold a SHA-256 hash and nothing else: 64 hex digits in lower case$/,
      );
    },
  );

  it('is missed with the way to make it', () => {
    expect(() => readConfig(settings(join(directory, 'nowhere')))).toThrow(
      /nowhere cannot be read \(ENOENT\); run `rollcall provision`, which writes it/,
    );
  });
});
