import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { credentials, tokens, useLog } from '@rollcall/collections';
import {
  createCredential,
  deleteCredential,
  reportCredential,
  requestLease,
  updateCredential,
} from '@rollcall/contracts';
import { generateSealKeyPair, openLease, unwrapSecret } from '@rollcall/secrets';
import { waitFor } from '@rollcall/testing';

import { dumpDatabases, Installation } from './installation.js';

jest.setTimeout(90_000);

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A token endpoint that counts. */
class TokenServer {
  readonly asked: URLSearchParams[] = [];
  private readonly server: Server;
  answer: (number: number) => Answer = tokenWith(3600);

  constructor() {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const { status, body: text } = this.answer(this.asked.push(new URLSearchParams(body)));
        response.writeHead(status, { 'content-type': 'application/json' }).end(text);
      });
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function tokenWith(expires_in: unknown) {
  return (number: number): Answer => ({
    status: 200,
    body: JSON.stringify({ token_type: 'Bearer', access_token: `example-token-${number}`, expires_in }),
  });
}
const refusal = (): Answer => ({ status: 401, body: '{"error":"invalid_client","error_description":"wrong secret"}' });

describe('access tokens of OAuth credentials', () => {
  let installation: Installation;
  const server = new TokenServer();

  beforeAll(async () => {
    await server.start();
    installation = await Installation.create();
    // Two replicas: which of them answers a lease is the broker's choice.
    await installation.start({ ALLOW_LOOPBACK: 'true' });
    await installation.start({ ALLOW_LOOPBACK: 'true' });
  });
  afterAll(async () => {
    await installation.close();
    server.stop();
  });
  beforeEach(() => {
    server.asked.length = 0;
    server.answer = tokenWith(3600);
  });

  const create = async (secrets: Record<string, string> = {}) => {
    const id = randomUUID();
    const clientSecret = `example-${randomBytes(12).toString('hex')}`;
    const all = { clientId: 'client', clientSecret, tokenUrl: server.url, ...secrets };
    const input = { id, name: id, connector: 'vendor-oauth', type: 'oauth2-client-credentials' as const, baseUrl: '' };
    const { outcome } = await installation.send(createCredential, { ...input, secrets: {} }, { secrets: all });
    return { id, clientSecret, outcome };
  };
  type Refused = { secretVersion: number; tokenVersion: number };
  const lease = async (credential: string, refused: Refused | null = null) => {
    const pair = await generateSealKeyPair();
    const purpose = { kind: 'run' as const, reference: 'run-1' };
    const request = { credential, purpose, publicKey: pair.publicKey, refused };
    const { outcome, commandId } = await installation.send(requestLease, request, {
      as: 'sync-runner',
      waitMs: 60_000,
    });
    if (outcome.status !== 'done') return { outcome, fields: {}, tokenVersion: null, secretVersion: null, lifeMs: 0 };
    const { sealed, lifeMs } = outcome.result;
    const opened = await openLease({ privateKey: pair.privateKey, commandId, sealed });
    const fields = Object.fromEntries(
      Object.entries(opened.fields).map(([name, value]) => [name, unwrapSecret(value)]),
    );
    return { outcome, fields, lifeMs, tokenVersion: opened.tokenVersion, secretVersion: opened.secretVersion };
  };
  const stored = async (id: string) =>
    (await installation.as('gateway')).databases.collection(credentials).findOne({ _id: id });
  /** Lets the pause between two requests be over. */
  const later = async (id: string, change: object = {}) => {
    const { databases } = await installation.as('gateway');
    await databases.collection(tokens).updateOne({ _id: id }, { $set: { askedAt: new Date(0), ...change } });
  };

  it('are got once for a hundred holders, and lease nothing of the client (V18)', async () => {
    const { id, clientSecret } = await create();
    const leases = await Promise.all(Array.from({ length: 100 }, () => lease(id)));
    expect(server.asked).toHaveLength(1);
    expect(Object.fromEntries(server.asked[0]!)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: clientSecret,
      scope: 'example.default',
    });
    for (const { fields, tokenVersion } of leases) {
      expect(fields).toEqual({ accessToken: 'example-token-1' });
      expect(tokenVersion).toBe(1);
    }
    const { databases } = await installation.as('gateway');
    expect(await databases.collection(useLog).countDocuments({ credential: id })).toBe(100);
    const dump = await dumpDatabases(await installation.as('gateway'));
    expect(dump).not.toContain(clientSecret);
    expect(dump).not.toContain('example-token-1');
  });

  it('are got anew only if the refused one is the newest, once for all who were refused (G4)', async () => {
    const { id } = await create();
    await lease(id);
    await later(id);
    const refused = { secretVersion: 1, tokenVersion: 1 };
    const leases = await Promise.all(Array.from({ length: 20 }, () => lease(id, refused)));
    expect(new Set(leases.map(({ tokenVersion }) => tokenVersion))).toEqual(new Set([2]));
    expect(await lease(id, refused)).toMatchObject({ tokenVersion: 2 });
    expect(server.asked).toHaveLength(2);
  });

  it('keep their distance: a token refused a moment after it was given is given again, with the same number (V20)', async () => {
    const { id } = await create();
    await lease(id);
    expect(await lease(id, { secretVersion: 1, tokenVersion: 1 })).toMatchObject({ tokenVersion: 1 });
    expect(server.asked).toHaveLength(1);
  });

  it('end with their life, and are renewed before that', async () => {
    server.answer = tokenWith(600);
    const { id } = await create();
    const { lifeMs } = await lease(id);
    expect(lifeMs).toBeGreaterThan(500_000);
    expect(lifeMs).toBeLessThanOrEqual(600_000);
    await later(id, { expiresAt: new Date(Date.now() + 60_000), askedAt: new Date(Date.now() - 540_000) });
    expect(await lease(id)).toMatchObject({ tokenVersion: 2 });
  });

  it('belong to one secret: a new one makes a new token at once, and numbers go on', async () => {
    const { id } = await create();
    await lease(id);
    const secrets = { clientId: 'client', clientSecret: 'example-newer-secret', tokenUrl: server.url };
    await installation.send(updateCredential, { id, ifVersion: null }, { secrets });
    expect(await lease(id)).toMatchObject({ secretVersion: 2, tokenVersion: 2 });
    expect(server.asked.at(-1)?.get('client_secret')).toBe('example-newer-secret');
  });

  it('that are refused mark the credential with the words of the vendor, until a secret works (V19)', async () => {
    server.answer = refusal;
    const { id, clientSecret } = await create();
    const { outcome } = await lease(id);
    expect(outcome).toMatchObject({
      status: 'refused',
      error: { code: 'token-refused', message: expect.stringContaining('invalid_client: wrong secret') },
    });
    await lease(id);
    expect(server.asked).toHaveLength(1);
    expect(await stored(id)).toMatchObject({ attention: { code: 'token-refused' } });
    server.answer = tokenWith(3600);
    const secrets = { clientId: 'client', clientSecret: `${clientSecret}-right`, tokenUrl: server.url };
    await installation.send(updateCredential, { id, ifVersion: null }, { secrets });
    expect(await stored(id)).toMatchObject({ attention: null });
    expect(await lease(id)).toMatchObject({ fields: { accessToken: 'example-token-2' } });
  });

  it('that cannot be had for a while are said so, and asked for again after the pause', async () => {
    server.answer = () => ({ status: 503, body: '' });
    const { id } = await create();
    expect((await lease(id)).outcome).toMatchObject({ status: 'refused', error: { code: 'token-unavailable' } });
    expect(await stored(id)).toMatchObject({ attention: null });
    server.answer = tokenWith(3600);
    await later(id);
    expect(await lease(id)).toMatchObject({ tokenVersion: 1 });
  });

  it('are got by somebody else when whoever asked for them died with the lock', async () => {
    const { id } = await create();
    await lease(id);
    await later(id, { lock: { holder: 'dead', until: new Date(Date.now() - 1) }, expiresAt: new Date(0) });
    expect(await lease(id)).toMatchObject({ tokenVersion: 2 });
  });

  it('are forgotten with their credential', async () => {
    const { id } = await create();
    await lease(id);
    await installation.send(deleteCredential, { id });
    const { databases } = await installation.as('gateway');
    await waitFor(
      'the token to be gone',
      async () => (await databases.collection(tokens).findOne({ _id: id })) === null,
    );
  });

  it.each([
    ['http://login.example.com/token', 'encrypted only'],
    ['login.example.com/token', 'not an address'],
    ['https://user:example@login.example.com/token', 'user name'],
  ])('cannot be asked for at %s, which is said when the credential is saved (P21)', async (tokenUrl, words) => {
    const { outcome } = await create({ tokenUrl });
    expect(outcome).toMatchObject({
      status: 'refused',
      error: { code: 'host-not-allowed', message: expect.stringContaining(words) },
    });
  });

  it('says of a base URL without protocol how it is written (R11)', async () => {
    const input = {
      id: randomUUID(),
      name: randomUUID(),
      connector: 'vendor-two',
      type: 'api-key' as const,
      baseUrl: 'graph.microsoft.com',
      secrets: {},
    };
    const { outcome } = await installation.send(createCredential, input, { secrets: { key: 'example-key' } });
    expect(outcome).toMatchObject({
      status: 'refused',
      error: { code: 'host-not-allowed', message: expect.stringContaining('https://graph.microsoft.com') },
    });
  });

  it('report on a credential counts for the present secret only, and changes nothing twice (V19)', async () => {
    const { id } = await create();
    const report = async (secretVersion: number, refused: { code: string; message: string } | null) =>
      (await installation.send(reportCredential, { credential: id, secretVersion, refused }, { as: 'sync-runner' }))
        .outcome;
    const refused = { code: 'vendor-auth-rejected', message: 'The vendor refused the credential.' };
    expect(await report(2, refused)).toMatchObject({ result: { changed: false } });
    expect(await report(1, refused)).toMatchObject({ result: { changed: true } });
    expect(await report(1, refused)).toMatchObject({ result: { changed: false } });
    expect(await stored(id)).toMatchObject({ version: 2, attention: refused });
    expect(await report(1, null)).toMatchObject({ result: { changed: true } });
    expect(await stored(id)).toMatchObject({ version: 3, attention: null });
  });
});
