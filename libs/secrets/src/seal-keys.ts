import { createPrivateKey, createPublicKey, type KeyObject, webcrypto } from 'node:crypto';

import { decodeBase64url } from './base64url.js';
import { keyFiles, malformedKey, readPrivateFile, readPublicFile, type SealHolder } from './key-files.js';
import { SecretsError } from './secrets.errors.js';

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const;

/** Opens what was sealed to its public half. Prints as nothing and cannot be exported. */
export interface SealPrivateKey {
  readonly pair: webcrypto.CryptoKeyPair;
}

export interface SealKeyPair {
  /** Raw uncompressed P-256 point, base64url. */
  readonly publicKey: string;
  readonly privateKey: SealPrivateKey;
}

/** An ephemeral pair, for a lease (architecture 8). */
export async function generateSealKeyPair(): Promise<SealKeyPair> {
  const pair = await webcrypto.subtle.generateKey(curve, false, ['deriveBits']);
  return { publicKey: await rawPoint(pair.publicKey), privateKey: { pair } };
}

/** A holder's pair from a PKCS8 PEM of a P-256 key. @throws SecretsError key-malformed */
export async function loadSealPrivateKey(pem: string, source = 'the sealing key'): Promise<SealKeyPair> {
  const key = parsePem(() => createPrivateKey(pem), source);
  const publicKey = await importSpki(createPublicKey(key));
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, curve, false, ['deriveBits']);
  return { publicKey: await rawPoint(publicKey), privateKey: { pair: { privateKey, publicKey } } };
}

/** A holder's public key from an SPKI PEM, as raw point in base64url. @throws SecretsError key-malformed */
export async function loadSealPublicKey(pem: string, source = 'the public sealing key'): Promise<string> {
  return rawPoint(await importSpki(parsePem(() => createPublicKey(pem), source)));
}

/** `loadSealPrivateKey` of the holder's file below the key directory. */
export async function readSealPrivateKey(directory: string, holder: SealHolder = 'vault'): Promise<SealKeyPair> {
  const path = keyFiles.sealKey(directory, holder);
  return loadSealPrivateKey(await readPrivateFile(path), path);
}

/** `loadSealPublicKey` of the holder's file below the key directory. */
export async function readSealPublicKey(directory: string, holder: SealHolder = 'vault'): Promise<string> {
  const path = keyFiles.sealPublicKey(directory, holder);
  return loadSealPublicKey(await readPublicFile(path), path);
}

/** @throws SecretsError key-malformed when the text is no point of the curve */
export async function importSealPublicKey(publicKey: string): Promise<webcrypto.CryptoKey> {
  const point = decodeBase64url(publicKey);
  if (point?.length !== 65 || point[0] !== 4) throw badPoint();
  try {
    return await webcrypto.subtle.importKey('raw', point, curve, true, []);
  } catch {
    throw badPoint();
  }
}

function badPoint(): SecretsError {
  const message =
    'The public key to seal to is not an uncompressed P-256 point in base64url. Send the key as it was made.';
  return new SecretsError('key-malformed', message);
}

function parsePem(parse: () => KeyObject, source: string): KeyObject {
  let key: KeyObject;
  try {
    key = parse();
  } catch {
    throw malformedKey(source, 'a P-256 key in PEM');
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw malformedKey(source, 'a P-256 key in PEM');
  }
  return key;
}

async function importSpki(key: KeyObject): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('spki', key.export({ type: 'spki', format: 'der' }), curve, true, []);
}

async function rawPoint(key: webcrypto.CryptoKey): Promise<string> {
  return Buffer.from(await webcrypto.subtle.exportKey('raw', key)).toString('base64url');
}
