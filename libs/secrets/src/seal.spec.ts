import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import type { LeaseMaterial } from '@rollcall/contracts';

import { openSealed, sealTo } from './seal.js';
import { generateSealKeyPair, loadSealPrivateKey, loadSealPublicKey } from './seal-keys.js';
import { openCommandField, openLease, sealCommandField, sealLease } from './sealed-commands.js';
import { onSecretUnwrapped, SecretString, unwrapSecret } from './secret-string.js';

const value = 'example-secret-ünïcode';
const unreadable = { code: 'seal-unreadable' };

describe('sealTo (F5)', () => {
  it('opens with the private half for the same purpose', async () => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    const sealed = await sealTo(publicKey, value, { purpose: ['test', 'one'] });
    expect(unwrapSecret(await openSealed(privateKey, sealed, { purpose: ['test', 'one'] }))).toBe(value);
    expect(Buffer.from(publicKey, 'base64url')).toHaveLength(65);
    expect(Buffer.from(sealed.enc, 'base64url')).toHaveLength(65);
  });

  it('binds to key and purpose, part by part', async () => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    const sealed = await sealTo(publicKey, value, { purpose: ['ab', 'c'] });
    const other = await generateSealKeyPair();
    await expect(openSealed(other.privateKey, sealed, { purpose: ['ab', 'c'] })).rejects.toMatchObject(unreadable);
    for (const purpose of [['a', 'bc'], ['abc'], ['ab', 'c', ''], ['c', 'ab'], []]) {
      await expect(openSealed(privateKey, sealed, { purpose })).rejects.toMatchObject(unreadable);
    }
  });

  it('refuses every changed byte, a swapped key part and other spellings', async () => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    const purpose = ['test'];
    const sealed = await sealTo(publicKey, 'test', { purpose });
    const second = await sealTo(publicKey, 'test', { purpose });
    const bad = [
      { ...sealed, enc: second.enc },
      { ...sealed, ct: `${sealed.ct}=` },
      { enc: '', ct: '' },
    ];
    for (const part of ['enc', 'ct'] as const) {
      const bytes = Buffer.from(sealed[part], 'base64url');
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Buffer.from(bytes);
        changed[at]! ^= 1;
        bad.push({ ...sealed, [part]: changed.toString('base64url') });
      }
    }
    for (const changed of bad) {
      await expect(openSealed(privateKey, changed, { purpose })).rejects.toMatchObject(unreadable);
    }
    expect(second.ct).not.toBe(sealed.ct);
  });

  it('refuses public keys that are no point of the curve', async () => {
    const { publicKey } = await generateSealKeyPair();
    const point = Buffer.from(publicKey, 'base64url');
    const offCurve = Buffer.from(point);
    offCurve[64]! ^= 1;
    const bad = [
      '',
      'x',
      publicKey.slice(0, -2),
      `${publicKey}A`,
      offCurve.toString('base64url'),
      Buffer.alloc(65).toString('base64url'),
    ];
    for (const key of bad) {
      await expect(sealTo(key, value, { purpose: [] })).rejects.toMatchObject({ code: 'key-malformed' });
    }
  });

  it('works with key pairs from PEM files', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const loaded = await loadSealPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const publicKey = await loadSealPublicKey(pair.publicKey.export({ type: 'spki', format: 'pem' }).toString());
    expect(publicKey).toBe(loaded.publicKey);
    const sealed = await sealTo(publicKey, value, { purpose: ['pem'] });
    expect(unwrapSecret(await openSealed(loaded.privateKey, sealed, { purpose: ['pem'] }))).toBe(value);
    expect(inspect(loaded, { depth: 9 })).not.toContain('BEGIN');
  });

  it('names a PEM that is no P-256 key, without quoting it', async () => {
    const ed25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const pem of [ed25519, 'example-not-a-pem', '']) {
      await expect(loadSealPrivateKey(pem, 'vault.pem')).rejects.toMatchObject({
        code: 'key-malformed',
        message: expect.stringMatching(/^The key file vault\.pem does not hold a P-256 key/),
      });
    }
  });
});

describe('sealed commands', () => {
  it('binds a secret field to its command and its name (F5)', async () => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    const sealed = await sealCommandField({ publicKey, commandId: 'c1', field: 'apiKey', value });
    expect(unwrapSecret(await openCommandField({ privateKey, commandId: 'c1', field: 'apiKey', sealed }))).toBe(value);
    for (const [commandId, field] of [
      ['c2', 'apiKey'],
      ['c1', 'password'],
      ['apiKey', 'c1'],
    ] as const) {
      await expect(openCommandField({ privateKey, commandId, field, sealed })).rejects.toMatchObject(unreadable);
    }
    await expect(openLease({ privateKey, commandId: 'c1', sealed })).rejects.toMatchObject(unreadable);
  });

  const material: LeaseMaterial = {
    credential: 'cred-1',
    secretVersion: 3,
    tokenVersion: null,
    connector: 'test-vendor',
    type: 'api-key',
    baseUrl: 'https://api.vendor.example',
    fields: { apiKey: value },
  };

  it('gives a lease whose fields stay wrapped, to the command that asked', async () => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    const sealed = await sealLease({ publicKey, commandId: 'c1', material });
    const lease = await openLease({ privateKey, commandId: 'c1', sealed });
    expect(lease).toMatchObject({ credential: 'cred-1', secretVersion: 3, type: 'api-key' });
    expect(unwrapSecret(lease.fields['apiKey']!)).toBe(value);
    expect(JSON.stringify(lease) + inspect(lease, { depth: 9 })).not.toContain(value);
    await expect(openLease({ privateKey, commandId: 'c2', sealed })).rejects.toMatchObject(unreadable);
  });

  it('accepts wrapped fields when sealing', async () => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    const wrapped = { ...material, fields: { apiKey: new SecretString(value) } };
    const sealed = await sealLease({ publicKey, commandId: 'c1', material: wrapped });
    expect(unwrapSecret((await openLease({ privateKey, commandId: 'c1', sealed })).fields['apiKey']!)).toBe(value);
  });

  it('tells nobody of the envelope, whose names and addresses stand in many harmless lines, and of a field in use only', async () => {
    const heard: string[] = [];
    const stop = onSecretUnwrapped((text) => heard.push(text));
    const { publicKey, privateKey } = await generateSealKeyPair();
    const sealed = await sealLease({ publicKey, commandId: 'c1', material });
    const lease = await openLease({ privateKey, commandId: 'c1', sealed });
    expect(heard).toEqual([]);
    unwrapSecret(lease.fields['apiKey']!);
    stop();
    expect(heard).toEqual([value]);
  });

  it('refuses material of another shape without quoting it (N8)', async () => {
    const { publicKey, privateKey } = await generateSealKeyPair();
    for (const text of [`{"fields":{"apiKey":"${value}"}}`, value, '']) {
      const sealed = await sealTo(publicKey, text, { purpose: ['lease', 'c1'] });
      await expect(openLease({ privateKey, commandId: 'c1', sealed })).rejects.toMatchObject({
        ...unreadable,
        message: expect.not.stringContaining(value),
      });
    }
  });
});
