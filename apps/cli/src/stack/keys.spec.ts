import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isApiKeyText, serviceNames } from '@rollcall/contracts';

import { ensureApiKey } from './api-key.js';
import { ensureKeys } from './keys.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-cli-keys-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('keys of an installation', () => {
  it('are made once, each readable by its owner only', async () => {
    const paths = { keys: join(directory, 'keys'), kek: join(directory, 'keys', 'kek') };
    await ensureKeys(paths);
    const files = readdirSync(paths.keys).filter((name) => name !== 'public');
    for (const service of serviceNames) expect(files).toContain(`${service}.key.pem`);
    expect(files.map((name) => modeOf(join(paths.keys, name)))).toEqual(files.map(() => 0o600));
    const contents = () => files.map((name) => readFileSync(join(paths.keys, name), 'utf8'));
    expect(Buffer.from(readFileSync(paths.kek, 'utf8'), 'base64')).toHaveLength(32);
    const before = contents();
    await ensureKeys(paths);
    expect(contents()).toEqual(before);
  });

  it('include the first API key (G3): clear text in a private file, its hash for the gateway', () => {
    const path = join(directory, 'api-key');
    const { key, hash } = ensureApiKey(path, 'local');
    expect(isApiKeyText(key)).toBe(true);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(modeOf(path)).toBe(0o600);
    expect(ensureApiKey(path, 'local')).toEqual({ key, hash });
  });

  it('refuse a file that holds no API key', () => {
    const path = join(directory, 'api-key');
    writeFileSync(path, 'not a key');
    expect(() => ensureApiKey(path, 'local')).toThrow(`${path} does not hold an API key.`);
  });
});
