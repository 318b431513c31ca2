import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { redactSecrets, registerSecretValue } from '@rollcall/observability';

import { type StackPaths } from '../stack/stack-paths.js';

/** Addresses with a password in them: the part between "//" and the last "@". */
const CREDENTIALS_IN_URL = /([a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/gi;
const API_KEY = /\brc_[a-z0-9]{1,16}_[0-9a-f]{8,}(?:_[0-9a-f]+)?/g;
const AUTHORIZATION = /\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{6,}/gi;
const SECRET_NAME = /(KEY|SECRET|TOKEN|PASSWORD|PASS|KEK|HASH|CREDENTIAL|AUTH)$/i;

/**
 * A function that takes secrets out of a line: those that this installation is known to have, wherever they stand and
 * however they are encoded, and whatever looks like one.
 */
export function maskSecrets(paths: StackPaths, env: NodeJS.ProcessEnv): (line: string) => string {
  for (const secret of [...secretsOnDisk(paths), ...secretsInEnvironment(env)]) registerSecretValue(secret);
  return (line) =>
    redactSecrets(line)
      .replace(CREDENTIALS_IN_URL, '$1[secret]@')
      .replace(API_KEY, '[secret]')
      .replace(AUTHORIZATION, '$1 [secret]');
}

function secretsOnDisk({ keys, apiKey }: StackPaths): string[] {
  const files = [apiKey, ...filesIn(keys).map((name) => join(keys, name))];
  return files.flatMap((file) => linesOf(file)).filter((line) => line.length >= 16 && !line.startsWith('-----'));
}

function secretsInEnvironment(env: NodeJS.ProcessEnv): string[] {
  const named = Object.entries(env).filter(([name]) => SECRET_NAME.test(name));
  const passwords = Object.values(env).map((value) => passwordOf(value ?? ''));
  return [...named.map(([, value]) => value ?? ''), ...passwords].filter((value) => value.length >= 6);
}

function passwordOf(value: string): string {
  if (!value.includes('://') || !URL.canParse(value)) return '';
  return decodeURIComponent(new URL(value).password);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim());
  } catch {
    return [];
  }
}
