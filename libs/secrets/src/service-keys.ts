import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';

import { keyBytes } from './aes-gcm.js';
import { isMissing, keyFiles, malformedKey, readPrivateFile, sealHolders } from './key-files.js';
import { SecretsError } from './secrets.errors.js';
import { requireServiceName } from './service-signer.js';

/**
 * Creates what is missing of an installation's keys: a signing pair per service, the sealing pairs, the digest key. Existing private keys are never replaced; may run twice at once. Directories get mode 700, private files 600.
 * @throws SecretsError key-mismatch when a public half belongs to another private key
 */
export async function generateServiceKeys(directory: string, services: readonly string[]): Promise<void> {
  services.forEach(requireServiceName);
  await mkdir(keyFiles.publicDirectory(directory), { recursive: true, mode: 0o700 });
  for (const service of services) {
    await ensurePair(keyFiles.signingKey(directory, service), keyFiles.signingPublicKey(directory, service), () =>
      generateKeyPairSync('ed25519'),
    );
  }
  for (const holder of sealHolders) {
    await ensurePair(keyFiles.sealKey(directory, holder), keyFiles.sealPublicKey(directory, holder), () =>
      generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
    );
  }
  await writeIfMissing(keyFiles.digestKey(directory), `${randomBytes(keyBytes).toString('base64')}\n`, 0o600);
}

async function ensurePair(
  privatePath: string,
  publicPath: string,
  generate: () => { privateKey: KeyObject },
): Promise<void> {
  // Read before the private half: another process that makes the pair meanwhile writes the private one first.
  const hasPublic = (await readIfPresent(publicPath)) !== null;
  if ((await readIfPresent(privatePath)) === null) {
    if (hasPublic) throw mismatch(privatePath, publicPath);
    await writeIfMissing(privatePath, pemOf(generate().privateKey), 0o600);
  }
  const expected = publicPemOf(await readPrivateFile(privatePath), privatePath);
  await writeIfMissing(publicPath, expected, 0o644);
  if (!samePem(await readIfPresent(publicPath), expected)) throw mismatch(privatePath, publicPath);
}

const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function publicPemOf(pem: string, path: string): string {
  try {
    return createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    throw malformedKey(path, 'a private key in PEM');
  }
}

const samePem = (one: string | null, other: string): boolean =>
  one?.replaceAll(/\s/g, '') === other.replaceAll(/\s/g, '');

function mismatch(privatePath: string, publicPath: string): SecretsError {
  const message = `${publicPath} is not the public half of ${privatePath}. Restore the private key from a backup, or remove both files to make a new pair.`;
  return new SecretsError('key-mismatch', message, { privatePath, publicPath });
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Appears whole or not at all, and never replaces what another process wrote meanwhile. */
async function writeIfMissing(path: string, content: string, mode: number): Promise<void> {
  if ((await readIfPresent(path)) !== null) return;
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(draft, content, { mode, flag: 'wx' });
  try {
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      // Some file systems know no hard links.
      await rename(draft, path);
      return;
    }
  }
  await unlink(draft);
}
