import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { SecretsError } from './secrets.errors.js';

/** Who can open what is sealed to them: the vault secrets of vendors, notifier what it mails. */
export const sealHolders = ['vault', 'mail'] as const;
export type SealHolder = (typeof sealHolders)[number];

/** Where the keys of an installation lie below its key directory. Formats: PEM PKCS8 and SPKI, `digest.key` base64. */
export const keyFiles = {
  signingKey: (directory: string, service: string) => join(directory, `${service}.key.pem`),
  signingPublicKey: (directory: string, service: string) => join(directory, 'public', `${service}.pub.pem`),
  publicDirectory: (directory: string) => join(directory, 'public'),
  sealKey: (directory: string, holder: SealHolder = 'vault') => join(directory, `${holder}-encryption.key.pem`),
  sealPublicKey: (directory: string, holder: SealHolder = 'vault') =>
    join(directory, 'public', `${holder}-encryption.pub.pem`),
  digestKey: (directory: string) => join(directory, 'digest.key'),
} as const;

/** Reads a private file after checking that only its owner can. @throws SecretsError key-missing, key-exposed */
export async function readPrivateFile(path: string): Promise<string> {
  await refuseExposedFile(path);
  return readFile(path, 'utf8');
}

/** Windows has no such mode bits; its files are guarded by access lists instead. */
const hasModes = process.platform !== 'win32';

/** @throws SecretsError key-missing, key-exposed */
export async function refuseExposedFile(path: string): Promise<void> {
  const { mode } = await statKeyFile(path);
  if (hasModes && (mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8);
    const message = `The key file ${path} can be read by others (mode ${octal}). Run \`chmod 600 ${path}\`, and replace the key if others had access.`;
    throw new SecretsError('key-exposed', message, { path });
  }
}

export async function readPublicFile(path: string): Promise<string> {
  await statKeyFile(path);
  return readFile(path, 'utf8');
}

async function statKeyFile(path: string): Promise<{ mode: number }> {
  try {
    const entry = await stat(path);
    if (entry.isFile()) return entry;
  } catch (error) {
    if (!isMissing(error)) throw unreadableFile(path);
  }
  const message = `The key file ${path} does not exist. Set the key directory, or create the keys with \`rollcall up\`.`;
  throw new SecretsError('key-missing', message, { path });
}

function unreadableFile(path: string): SecretsError {
  return new SecretsError('key-missing', `The key file ${path} cannot be opened. Check the rights of its directory.`, {
    path,
  });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

export function malformedKey(path: string, expected: string): SecretsError {
  const message = `The key file ${path} does not hold ${expected}. Restore it from a backup, or remove it and run \`rollcall up\` to make a new one.`;
  return new SecretsError('key-malformed', message, { path });
}
