import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { readdir } from 'node:fs/promises';

import { decodeBase64url } from './base64url.js';
import { keyFiles, malformedKey, readPrivateFile, readPublicFile, sealHolders } from './key-files.js';
import { SecretsError } from './secrets.errors.js';

const publicSuffix = '.pub.pem';
const servicePattern = /^[a-z][a-z0-9-]*$/;

/** Names become parts of paths. */
export function requireServiceName(service: string): void {
  if (!servicePattern.test(service)) {
    throw new SecretsError('key-missing', 'A service name consists of lower-case letters, digits and dashes.');
  }
}

/** Signs the commands of one service with its Ed25519 key (F1). */
export class ServiceSigner {
  private constructor(
    readonly service: string,
    private readonly key: KeyObject,
  ) {}

  /** @throws SecretsError key-missing, key-exposed, key-malformed */
  static async load(directory: string, service: string): Promise<ServiceSigner> {
    requireServiceName(service);
    const path = keyFiles.signingKey(directory, service);
    return new ServiceSigner(service, parseEd25519(await readPrivateFile(path), path, createPrivateKey));
  }

  /** Signature over exactly these bytes, base64url. */
  sign(bytes: Uint8Array): string {
    return sign(null, bytes, this.key).toString('base64url');
  }
}

/** The public halves of all services, read once at start. */
export class KeyDirectory {
  private constructor(private readonly keys: ReadonlyMap<string, KeyObject>) {}

  /** Reads `public/*.pub.pem` of the key directory. @throws SecretsError key-missing, key-malformed */
  static async load(directory: string): Promise<KeyDirectory> {
    const folder = keyFiles.publicDirectory(directory);
    const names = await readdir(folder).catch(() => {
      const message = `The directory of public keys ${folder} cannot be read. Set the key directory, or create the keys with \`rollcall up\`.`;
      throw new SecretsError('key-missing', message, { path: folder });
    });
    const keys = new Map<string, KeyObject>();
    for (const name of names.filter((name) => name.endsWith(publicSuffix))) {
      const service = name.slice(0, -publicSuffix.length);
      const path = keyFiles.signingPublicKey(directory, service);
      // Keys to seal to lie beside them and sign nothing.
      if (sealHolders.some((holder) => path === keyFiles.sealPublicKey(directory, holder))) continue;
      keys.set(service, parseEd25519(await readPublicFile(path), path, createPublicKey));
    }
    return new KeyDirectory(keys);
  }

  get services(): string[] {
    return [...this.keys.keys()].sort();
  }

  /** False also for an unknown service and for a signature that is no base64url. */
  verify(service: string, bytes: Uint8Array, signature: string): boolean {
    const key = this.keys.get(service);
    const raw = decodeBase64url(signature);
    return key !== undefined && raw?.length === 64 && verify(null, bytes, key, raw);
  }
}

function parseEd25519(pem: string, path: string, parse: (pem: string) => KeyObject): KeyObject {
  let key: KeyObject;
  try {
    key = parse(pem);
  } catch {
    throw malformedKey(path, 'an Ed25519 key in PEM');
  }
  if (key.asymmetricKeyType !== 'ed25519') throw malformedKey(path, 'an Ed25519 key in PEM');
  return key;
}
