import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { serviceNames } from '@rollcall/contracts';
import { generateServiceKeys } from '@rollcall/secrets';

import { type StackPaths } from './stack-paths.js';

/**
 * What is missing of the installation's keys: signing pairs, the vault's sealing pair, the digest key, and the
 * key-encryption key. What exists is never replaced: stored secrets depend on it.
 * @throws SecretsError when the two halves of a pair do not belong together
 */
export async function ensureKeys({ keys, kek }: Pick<StackPaths, 'keys' | 'kek'>): Promise<void> {
  await generateServiceKeys(keys, serviceNames);
  writeSecretOnce(kek, `${randomBytes(32).toString('base64')}\n`);
}

/** Writes a file that only its owner can read, unless it exists. Returns whether it was written. */
export function writeSecretOnce(path: string, content: string): boolean {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
