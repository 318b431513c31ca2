import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@rollcall/contracts';
import { KeyDirectory, ServiceSigner } from '@rollcall/secrets';

import { ensureKeys } from './keys.js';
import { writeHashFile, writeServiceKeys } from './service-keys.js';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-cli-service-keys-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const apiKeyHash = 'ab'.repeat(32);

async function madeKeys() {
  const keysDirectory = join(directory, 'keys');
  const kekFile = join(keysDirectory, 'kek');
  await ensureKeys({ keys: keysDirectory, kek: kekFile });
  return { keysDirectory, kekFile, apiKeyHash };
}

const filesIn = (folder: string) => readdirSync(folder).sort();

describe('keys of each service in a folder of its own', () => {
  it('are its signing key, what all share, and for vault and notifier what opens what is sealed to them', async () => {
    const facts = await madeKeys();
    const target = join(directory, 'service-keys');
    writeServiceKeys(target, facts);
    expect(filesIn(target)).toEqual([...serviceNames].sort());
    for (const service of serviceNames) {
      const own = [`${service}.key.pem`, 'digest.key', 'public'];
      if (service === 'credential-vault') own.push('kek', 'vault-encryption.key.pem');
      if (service === 'notifier') own.push('mail-encryption.key.pem');
      if (service === 'gateway') own.push('api-key.sha256');
      expect(filesIn(join(target, service))).toEqual(own.sort());
      expect(filesIn(join(target, service, 'public'))).toEqual(filesIn(join(facts.keysDirectory, 'public')));
    }
  });

  it('serve the service as the whole set did: private for their owner, and known to the others', async () => {
    const facts = await madeKeys();
    const target = join(directory, 'service-keys');
    writeServiceKeys(target, facts);
    for (const service of serviceNames) {
      const folder = join(target, service);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      const signature = (await ServiceSigner.load(folder, service)).sign(Buffer.from('test'));
      const others = await KeyDirectory.load(join(target, 'gateway'));
      expect(others.verify(service, Buffer.from('test'), signature)).toBe(true);
    }
  });

  it('follow a key that was made anew, and leave no drafts behind', async () => {
    const facts = await madeKeys();
    const target = join(directory, 'service-keys');
    writeServiceKeys(target, facts);
    writeFileSync(facts.kekFile, 'another example\n', { mode: 0o600 });
    writeServiceKeys(target, { ...facts, apiKeyHash: 'cd'.repeat(32) });
    expect(readFileSync(join(target, 'credential-vault', 'kek'), 'utf8')).toBe('another example\n');
    expect(readFileSync(join(target, 'gateway', 'api-key.sha256'), 'utf8')).toBe(`${'cd'.repeat(32)}\n`);
    expect(readdirSync(target, { recursive: true }).filter((name) => String(name).endsWith('.new'))).toEqual([]);
  });
});

describe('the hash of the first API key', () => {
  it('lies beside the key, for a gateway that starts before anybody could set a variable', () => {
    writeHashFile(directory, apiKeyHash);
    expect(existsSync(join(directory, 'api-key.sha256'))).toBe(true);
    expect(readFileSync(join(directory, 'api-key.sha256'), 'utf8').trim()).toBe(apiKeyHash);
  });
});
