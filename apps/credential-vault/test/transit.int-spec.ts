import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Databases, dataKeys } from '@rollcall/collections';
import { createCredential, requestLease, rotateKeys, verifyKeys } from '@rollcall/contracts';
import { EngineError, findFreePort, OpenbaoServer } from '@rollcall/engines';
import { generateSealKeyPair } from '@rollcall/secrets';
import { waitFor } from '@rollcall/testing';

import { vaultThatEnds } from './ended-vault.js';
import { dumpPrivate, Installation } from './installation.js';
import { seedSecrets } from './seeded-secrets.js';

jest.setTimeout(240_000);

/** Without network there is no server to test with; said once, in one line. */
async function isObtainable(): Promise<boolean> {
  try {
    await OpenbaoServer.find();
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    process.stderr.write(`Left out: the vault's keys in a real OpenBao. ${error.message}\n`);
    return false;
  }
}

/** Where nobody answers until it is opened, and whoever comes first is sent away. */
async function openRelay(port: number, target: number, sentAway = 0): Promise<{ close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  let come = 0;
  const relay = createServer((inward) => {
    come += 1;
    if (come <= sentAway) return void inward.destroy();
    const outward = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.pipe(other);
    }
  });
  await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve));
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        relay.close(() => resolve());
      }),
  };
}

const describeWithServer = (await isObtainable()) ? describe : describe.skip;

describeWithServer('a vault whose key-encryption key stays in an OpenBao', () => {
  let installation: Installation;
  let databases: Databases;
  let folder: string;
  let server: OpenbaoServer;
  let settings: Record<string, string>;

  beforeEach(async () => {
    installation = await Installation.create();
    ({ databases } = await installation.as('gateway'));
    folder = await mkdtemp(join(tmpdir(), 'rollcall-openbao-'));
    server = await startServer();
    settings = {
      ROLLCALL_KEK_TRANSIT_URL: server.url,
      ROLLCALL_KEK_TRANSIT_TOKEN_FILE: join(folder, 'token'),
      ROLLCALL_KEK_TRANSIT_CA_FILE: server.authorityFile,
      ROLLCALL_KEK_PROVIDER: 'transit',
    };
  });
  afterEach(async () => {
    await installation.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  /** With a key and a token that may use it and make none. */
  const startServer = async (port?: number): Promise<OpenbaoServer> => {
    const made = await OpenbaoServer.start(port === undefined ? { directory: folder } : { directory: folder, port });
    await made.ask('POST', 'sys/mounts/transit', { type: 'transit' });
    await made.ask('POST', 'transit/keys/rollcall', {});
    await giveToken(made);
    return made;
  };
  const giveToken = async (made: OpenbaoServer): Promise<void> => {
    const policy = [
      'path "transit/keys/rollcall" { capabilities = ["read"] }',
      'path "transit/encrypt/rollcall" { capabilities = ["update"] }',
      'path "transit/decrypt/rollcall" { capabilities = ["update"] }',
    ].join('\n');
    await made.ask('PUT', 'sys/policies/acl/rollcall', { policy });
    const token = await made.ask<{ auth: { client_token: string } }>('POST', 'auth/token/create', {
      policies: ['rollcall'],
    });
    await writeFile(join(folder, 'token'), token.auth.client_token, { mode: 0o600 });
  };
  const lease = async (credential: string) => {
    const { publicKey } = await generateSealKeyPair();
    const input = { credential, purpose: { kind: 'run' as const, reference: 'run-1' }, publicKey, refused: null };
    return (await installation.send(requestLease, input, { as: 'sync-runner', waitMs: 90_000 })).outcome.status;
  };
  const rotate = async (what: 'all' | 'key-encryption-key') =>
    (await installation.send(rotateKeys, { what }, { waitMs: 60_000 })).outcome;
  const startAndEnd = (port: number) =>
    vaultThatEnds(
      installation.variables({ ...settings, LOG_LEVEL: 'warn', ROLLCALL_KEK_TRANSIT_URL: `https://127.0.0.1:${port}` }),
    );

  it('takes over from a key of its own, follows new versions there, and opens with nothing else', async () => {
    await installation.start();
    const [id] = await seedSecrets(databases, installation.kek, 5);
    await installation.stop();
    await installation.start(settings);
    expect(await rotate('all')).toMatchObject({
      status: 'done',
      result: { keyEncryptionKey: { provider: 'transit' } },
    });
    const wrapped = await databases.collection(dataKeys).find().toArray();
    expect(wrapped.map((key) => key.wrapped.split('.').slice(0, 4).join('.'))).toEqual(
      wrapped.map(() => `rk2.transit.${Buffer.from('transit/rollcall').toString('base64url')}.1`),
    );

    await server.ask('POST', 'transit/keys/rollcall/rotate');
    const { outcome: before } = await installation.send(rotateKeys, { what: 'data-key' });
    expect(before).toMatchObject({
      result: { dataKeys: [{ isWrappedByNewest: false }, { isWrappedByNewest: false }, {}] },
    });
    expect(await rotate('key-encryption-key')).toMatchObject({ status: 'done' });
    const again = await databases.collection(dataKeys).find().toArray();
    expect(again.map((key) => key.wrapped.split('.')[3])).toEqual(again.map(() => '2'));
    await server.ask('POST', 'transit/keys/rollcall/config', { min_decryption_version: 2 });

    await installation.stop();
    await installation.start({ ...settings, ROLLCALL_KEK: randomBytes(32).toString('base64') });
    expect(await lease(id!)).toBe('done');
    const { outcome } = await installation.send(verifyKeys, {}, { waitMs: 60_000 });
    expect(outcome).toMatchObject({ result: { unreadableDataKeys: [], unreadable: 0 } });

    // Leases need no server: the data keys are open.
    await server.stop();
    expect(await lease(id!)).toBe('done');
    expect(await rotate('all')).toMatchObject({ status: 'refused', error: { code: 'key-provider-unavailable' } });
    server = await startServer(server.port);
  });

  it('binds each wrapped key to its data key: moved to another it opens nothing, and the vault refuses to start', async () => {
    await installation.start(settings);
    await rotate('all');
    await installation.stop();
    const [one, other] = await databases.collection(dataKeys).find().toArray();
    const put = (id: string, wrapped: string) =>
      databases.collection(dataKeys).updateOne({ _id: id }, { $set: { wrapped } });
    await put(one!._id, other!.wrapped);
    await put(other!._id, one!.wrapped);
    await expect(installation.start(settings)).rejects.toThrow(/does not open data key/);
  });

  it('refuses to start with another key of the same name, or without the key, and changes nothing', async () => {
    await installation.start(settings);
    await installation.stop();
    const before = await dumpPrivate(await installation.as('gateway'));
    const { port } = server;
    await server.stop();
    server = await startServer(port);
    await expect(installation.start(settings)).rejects.toThrow(/does not open data key .*another key of that name/s);
    await server.stop();
    server = await OpenbaoServer.start({ directory: folder, port });
    await server.ask('POST', 'sys/mounts/transit', { type: 'transit' });
    await giveToken(server);
    await expect(installation.start(settings)).rejects.toThrow(/cannot be used: there is no key of that name/);
    expect(await dumpPrivate(await installation.as('gateway'))).toBe(before);
    await expect(server.ask('GET', 'transit/keys/rollcall')).rejects.toThrow(/404/);
  });

  it('waits for a server that is away, says so, and does what was asked of it when the server is there', async () => {
    const [away, own] = [await findFreePort(28_400), await findFreePort(28_600)];
    await installation.start({
      ...settings,
      ROLLCALL_KEK_TRANSIT_URL: `https://127.0.0.1:${away}`,
      PORT: String(own),
    });
    const ready = () => fetch(`http://127.0.0.1:${own}/readyz`);
    const answer = await ready();
    const words = expect.stringMatching(/key-encryption key.*cannot be reached/) as unknown as string;
    expect([answer.status, await answer.text()]).toEqual([503, words]);
    const input = {
      id: randomUUID(),
      name: 'Directory',
      connector: 'vendor-one',
      type: 'basic' as const,
      baseUrl: null,
    };
    const secrets = { username: 'example-user', password: 'example-password' };
    const asked = installation.send(createCredential, { ...input, secrets: {} }, { secrets, waitMs: 120_000 });
    const relay = await openRelay(away, server.port);
    expect((await asked).outcome.status).toBe('done');
    await waitFor('the vault to be ready', async () => (await ready()).ok);
    expect(await lease(input.id)).toBe('done');
    await relay.close();
  });

  it('ends when the server that it waited for has another key', async () => {
    const away = await findFreePort(28_400);
    await installation.start(settings);
    await installation.stop();
    const before = await dumpPrivate(await installation.as('gateway'));
    await server.ask('POST', 'transit/keys/rollcall/config', { deletion_allowed: true });
    await server.ask('DELETE', 'transit/keys/rollcall');
    await server.ask('POST', 'transit/keys/rollcall', {});
    const relay = await openRelay(away, server.port, 1);
    const { exitCode, lines } = await startAndEnd(away);
    expect(exitCode).toBe(1);
    expect(lines.join('\n')).toMatch(/waiting for the key-encryption key.*cannot start: .*does not open data key/s);
    expect(await dumpPrivate(await installation.as('gateway'))).toBe(before);
    await relay.close();
  });
});
