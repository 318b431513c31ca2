import { createPrivateKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { dataKeys } from '@rollcall/collections';
import { KeyEncryptionKey, keyFiles, unwrapDataKey } from '@rollcall/secrets';

import type { Installation } from './installation.js';

/** The keys by which secrets are encrypted now, in clear. A rotation makes further ones. */
export async function dataKeysOf({ environment, kek }: Installation): Promise<[name: string, key: Buffer][]> {
  const wrapping = KeyEncryptionKey.parse(kek);
  const stored = await environment.databases.collection(dataKeys).find().toArray();
  return stored.map(({ _id, wrapped }) => [`data key ${_id}`, unwrapDataKey(wrapping, _id, wrapped).key.export()]);
}

/** The secret halves of all pairs of an installation, by which services sign and by which sealed fields are opened, and the digest key. */
export async function keyFilesOf({ environment }: Installation): Promise<[name: string, key: Buffer][]> {
  const directory = environment.variables()['ROLLCALL_KEYS_DIR']!;
  const files = (await readdir(directory)).filter((name) => name.endsWith('.key.pem'));
  const pairs = files.map(async (name): Promise<[string, Buffer]> => {
    const { d } = createPrivateKey(await readFile(join(directory, name))).export({ format: 'jwk' });
    return [`key of ${name}`, Buffer.from(d!, 'base64url')];
  });
  const digest = Buffer.from((await readFile(keyFiles.digestKey(directory), 'utf8')).trim(), 'base64');
  return [...(await Promise.all(pairs)), ['digest key', digest]];
}
