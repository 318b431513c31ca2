import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { formatApiKey, isApiKeyText } from '@rollcall/contracts';

import { CliError } from '../cli-error.js';
import { writeSecretOnce } from './keys.js';

/**
 * The first API key of an installation (G3): made once, clear text in a file that only its owner reads. The gateway
 * gets the hash.
 * @throws CliError when the file holds something else
 */
export function ensureApiKey(path: string, environment: string): { key: string; hash: string } {
  writeSecretOnce(path, `${formatApiKey(environment, randomBytes(32).toString('hex'))}\n`);
  const key = readFileSync(path, 'utf8').trim();
  if (!isApiKeyText(key)) {
    throw new CliError(
      `${path} does not hold an API key.`,
      'Delete the file; the next `./rollcall up` makes a new key.',
    );
  }
  return { key, hash: createHash('sha256').update(key).digest('hex') };
}
