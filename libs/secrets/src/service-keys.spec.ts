import { createPublicKey } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { bodyDigest, DigestKey } from './digest-key.js';
import { KeyEncryptionKey } from './key-encryption-key.js';
import { readSealPrivateKey, readSealPublicKey } from './seal-keys.js';
import { generateServiceKeys } from './service-keys.js';
import { KeyDirectory, ServiceSigner } from './service-signer.js';

const services = ['gateway', 'credential-vault', 'sync-runner'];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-keys-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(directory, { recursive: true })).filter((name) => /\.(pem|key)$/.test(name)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)),
  );
}

describe('generateServiceKeys', () => {
  it('makes every key once, private files readable by their owner alone', async () => {
    await generateServiceKeys(directory, services);
    const first = await contents();
    expect(Object.keys(first)).toEqual([
      'credential-vault.key.pem',
      'digest.key',
      'gateway.key.pem',
      'mail-encryption.key.pem',
      'public/credential-vault.pub.pem',
      'public/gateway.pub.pem',
      'public/mail-encryption.pub.pem',
      'public/sync-runner.pub.pem',
      'public/vault-encryption.pub.pem',
      'sync-runner.key.pem',
      'vault-encryption.key.pem',
    ]);
    for (const name of Object.keys(first).filter((name) => !name.startsWith('public/'))) {
      expect((await stat(join(directory, name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(join(directory, 'public'))).mode & 0o777).toBe(0o700);
    await generateServiceKeys(directory, [...services, 'mapping']);
    expect(await contents()).toMatchObject(first);
    expect(await KeyDirectory.load(directory)).toHaveProperty('services', [
      'credential-vault',
      'gateway',
      'mapping',
      'sync-runner',
    ]);
  });

  it('agrees on one set of keys when started several times at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => generateServiceKeys(directory, services)));
    const files = await readdir(directory, { recursive: true });
    expect(files.filter((name) => name.endsWith('.new'))).toEqual([]);
    for (const service of services) {
      const signature = (await ServiceSigner.load(directory, service)).sign(Buffer.from('test'));
      expect((await KeyDirectory.load(directory)).verify(service, Buffer.from('test'), signature)).toBe(true);
    }
  });

  it('makes a lost public half again, and refuses one of another key or without its private half', async () => {
    await generateServiceKeys(directory, services);
    const before = await contents();
    await rm(join(directory, 'public', 'gateway.pub.pem'));
    await generateServiceKeys(directory, services);
    expect(await contents()).toEqual(before);
    await writeFile(join(directory, 'public', 'gateway.pub.pem'), before['public/sync-runner.pub.pem']!);
    await expect(generateServiceKeys(directory, services)).rejects.toMatchObject({ code: 'key-mismatch' });
    await writeFile(join(directory, 'public', 'gateway.pub.pem'), before['public/gateway.pub.pem']!);
    await rm(join(directory, 'gateway.key.pem'));
    await expect(generateServiceKeys(directory, services)).rejects.toMatchObject({ code: 'key-mismatch' });
  });

  it('refuses names that lead out of the directory', async () => {
    for (const name of ['../evil', 'a/b', '', 'Gateway', '.']) {
      await expect(generateServiceKeys(directory, [name])).rejects.toMatchObject({ code: 'key-missing' });
      await expect(ServiceSigner.load(directory, name)).rejects.toMatchObject({ code: 'key-missing' });
    }
  });
});

describe('ServiceSigner and KeyDirectory (F1)', () => {
  it('signs exact bytes under exactly one service', async () => {
    await generateServiceKeys(directory, services);
    const bytes = Buffer.from('{"id":"c1"}');
    const signature = (await ServiceSigner.load(directory, 'gateway')).sign(bytes);
    const keys = await KeyDirectory.load(directory);
    expect(keys.verify('gateway', bytes, signature)).toBe(true);
    expect(keys.verify('sync-runner', bytes, signature)).toBe(false);
    expect(keys.verify('unknown', bytes, signature)).toBe(false);
    expect(keys.verify('vault-encryption', bytes, signature)).toBe(false);
    expect(keys.verify('gateway', Buffer.from('{"id":"c2"}'), signature)).toBe(false);
    for (const bad of ['', 'x', `${signature}=`, signature.slice(0, -2), `${signature}AA`, '…']) {
      expect(keys.verify('gateway', bytes, bad)).toBe(false);
    }
  });

  it('refuses private keys that others can read, and says how to cure it', async () => {
    await generateServiceKeys(directory, services);
    for (const [name, load] of [
      ['gateway.key.pem', () => ServiceSigner.load(directory, 'gateway')],
      ['vault-encryption.key.pem', () => readSealPrivateKey(directory)],
      ['digest.key', () => DigestKey.load(directory)],
      ['digest.key', () => KeyEncryptionKey.fromFile(join(directory, 'digest.key'))],
    ] as const) {
      for (const mode of [0o640, 0o604, 0o610, 0o660]) {
        await chmod(join(directory, name), mode);
        await expect(load()).rejects.toMatchObject({
          code: 'key-exposed',
          message: expect.stringContaining('chmod 600'),
        });
      }
      await chmod(join(directory, name), 0o600);
      await load();
    }
  });

  it('names missing and malformed files', async () => {
    await expect(ServiceSigner.load(directory, 'gateway')).rejects.toMatchObject({ code: 'key-missing' });
    await expect(KeyDirectory.load(directory)).rejects.toMatchObject({ code: 'key-missing' });
    await expect(DigestKey.load(directory)).rejects.toMatchObject({ code: 'key-missing' });
    await generateServiceKeys(directory, services);
    const sealKey = await readFile(join(directory, 'vault-encryption.key.pem'));
    for (const content of ['example', '', sealKey]) {
      await writeFile(join(directory, 'gateway.key.pem'), content);
      await expect(ServiceSigner.load(directory, 'gateway')).rejects.toMatchObject({ code: 'key-malformed' });
    }
    await writeFile(join(directory, 'digest.key'), Buffer.alloc(31).toString('base64'));
    await expect(DigestKey.load(directory)).rejects.toMatchObject({ code: 'key-malformed' });
    await writeFile(join(directory, 'public', 'gateway.pub.pem'), 'example');
    await expect(KeyDirectory.load(directory)).rejects.toMatchObject({ code: 'key-malformed' });
  });

  it('reads the pair of the vault from its files', async () => {
    await generateServiceKeys(directory, []);
    const { publicKey } = await readSealPrivateKey(directory);
    expect(await readSealPublicKey(directory)).toBe(publicKey);
    const pem = await readFile(join(directory, 'public', 'vault-encryption.pub.pem'), 'utf8');
    expect(createPublicKey(pem).asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });
});

describe('DigestKey', () => {
  it('gives the same digest to all services, over unambiguous parts', async () => {
    await generateServiceKeys(directory, []);
    const [one, two] = [await DigestKey.load(directory), await DigestKey.load(directory)];
    expect(one.digest('type', 'aggregate', '{}')).toBe(bodyDigest(two, 'type', 'aggregate', '{}'));
    expect(one.digest('ab', 'c')).not.toBe(one.digest('a', 'bc'));
    expect(one.digest('a')).not.toBe(one.digest('a', ''));
    expect(one.digest('a')).not.toBe(DigestKey.parse(Buffer.alloc(32).toString('base64')).digest('a'));
  });
});
