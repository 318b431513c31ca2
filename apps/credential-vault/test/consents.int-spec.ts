import { createHash, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type CredentialDocument, credentials, tokens, useLog } from '@rollcall/collections';
import { beginAuthorization, createCredential, endAuthorization, updateCredential } from '@rollcall/contracts';
import { readSealPublicKey, sealCommandField, SecretString } from '@rollcall/secrets';
import { clientId, clientSecret, TestIdentityProvider } from '@rollcall/testing/identity-provider';

import { dumpDatabases, Installation } from './installation.js';

jest.setTimeout(90_000);

const redirectUri = 'https://rollcall.example.com/consented';

describe('a credential for which somebody consents at the vendor', () => {
  let installation: Installation;
  let vendor: TestIdentityProvider;

  beforeAll(async () => {
    vendor = await TestIdentityProvider.start(redirectUri);
    vendor.who = { sub: 'administrator' };
    installation = await Installation.create();
    await installation.start({ ALLOW_LOOPBACK: 'true' });
  });
  afterAll(async () => {
    await installation?.close();
    await vendor?.stop();
  });

  const create = async (overrides: Record<string, string> = {}) => {
    const id = randomUUID();
    const secrets = {
      clientId,
      clientSecret,
      authorizationUrl: vendor.authorizationUrl,
      tokenUrl: vendor.tokenUrl,
      scopes: 'openid email',
      ...overrides,
    };
    const type = 'oauth2-authorization-code' as const;
    const input = { id, name: id, connector: 'vendor-one', type, advanced: true, baseUrl: null, secrets: {} };
    const { outcome } = await installation.send(createCredential, input, { secrets });
    return { id, outcome };
  };
  const begin = async (id: string) => {
    const { outcome } = await installation.send(beginAuthorization, { id, redirectUri });
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome.result.url;
  };
  const end = async (state: string, code: string | null, refusal: string | null = null, key: string = randomUUID()) => {
    const { commandSender } = await installation.as('gateway');
    const commandId = commandSender.idOf('operator-1', key);
    const publicKey = await readSealPublicKey(installation.keys);
    const sealed =
      code === null
        ? null
        : await sealCommandField({ publicKey, commandId, field: 'code', value: new SecretString(code) });
    const input = { state: createHash('sha256').update(state).digest('hex'), code: sealed, refusal };
    return (await installation.send(endAuthorization, input, { key, waitMs: 30_000 })).outcome;
  };
  const consent = async (id: string) => {
    const back = new URL(await vendor.visit(await begin(id)));
    return { state: back.searchParams.get('state')!, code: back.searchParams.get('code')! };
  };
  const stored = async (id: string): Promise<CredentialDocument> =>
    (await (await installation.as('gateway')).databases.collection(credentials).findOne({ _id: id }))!;
  /** Lets the token and the pause behind it end. */
  const later = async (id: string) => {
    const { databases } = await installation.as('gateway');
    const past = new Date(0);
    await databases.collection(tokens).updateOne({ _id: id }, { $set: { expiresAt: past, askedAt: past } });
  };

  it('says before that nobody has consented yet, and how to', async () => {
    const { id } = await create();
    expect(await installation.lease(id)).toMatchObject({
      outcome: {
        status: 'refused',
        error: { code: 'token-refused', message: expect.stringContaining('nobody has consented at the vendor yet') },
      },
    });
  });

  it('gets its tokens from then on, each refresh token once, and shows none of it', async () => {
    const { id } = await create();
    const url = new URL(await begin(id));
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(url.href).not.toContain(clientSecret);
    const { state, code } = await consent(id);
    expect(await end(state, code)).toMatchObject({ status: 'done', result: { credential: { id, attention: null } } });
    expect((await stored(id)).secretFields).toContain('refreshToken');
    const seen = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const { fields } = await installation.lease(id);
      expect(Object.keys(fields)).toEqual(['accessToken']);
      seen.add(fields['accessToken']!);
      await later(id);
    }
    expect(seen.size).toBe(3);
    const dump = await dumpDatabases(await installation.as('gateway'));
    for (const secret of [...seen, code, state, clientSecret]) {
      // The answer of the beginning holds the state, which whoever began it has to open.
      if (secret !== state) expect(dump).not.toContain(secret);
    }
  });

  it('takes each consent once, and none that nobody began', async () => {
    const { id } = await create();
    const { state, code } = await consent(id);
    expect(await end(state, code)).toMatchObject({ status: 'done' });
    expect(await end(state, code)).toMatchObject({ status: 'refused', error: { code: 'authorization-unknown' } });
    expect(await end('of somebody else', code)).toMatchObject({
      status: 'refused',
      error: { code: 'authorization-unknown' },
    });
  });

  it('takes no code of another consent', async () => {
    const [one, other] = [(await create()).id, (await create()).id];
    const [first, second] = [await consent(one), await consent(other)];
    expect(await end(first.state, second.code)).toMatchObject({
      status: 'refused',
      error: { code: 'authorization-refused', message: expect.stringContaining('Nothing was stored') },
    });
    expect((await stored(one)).secretFields).not.toContain('refreshToken');
  });

  it('is on record as a use of its secret, whatever the vendor says', async () => {
    const { databases, commandSender } = await installation.as('gateway');
    const { id } = await create();
    const [refused, done] = [randomUUID(), randomUUID()];
    const uses = () => databases.collection(useLog).find({ credential: id }).sort({ at: 1 }).toArray();
    const { state } = await consent(id);
    expect(await uses()).toEqual([]);
    expect(await end(state, 'example-code-of-nobody', null, refused)).toMatchObject({ status: 'refused' });
    const next = await consent(id);
    expect(await end(next.state, next.code, null, done)).toMatchObject({ status: 'done' });
    const use = (key: string) => ({
      secretVersion: 1,
      sender: 'gateway',
      purpose: { kind: 'consent', reference: commandSender.idOf('operator-1', key) },
    });
    expect(await uses()).toEqual([expect.objectContaining(use(refused)), expect.objectContaining(use(done))]);
  });

  it('takes none that was begun for another secret', async () => {
    const { id } = await create();
    const { state, code } = await consent(id);
    await installation.send(updateCredential, { id, ifVersion: null }, { secrets: { clientSecret: 'example-other' } });
    expect(await end(state, code)).toMatchObject({ status: 'refused', error: { code: 'authorization-unknown' } });
  });

  it("repeats the vendor's words when nobody consented", async () => {
    const { id } = await create();
    const { state } = await consent(id);
    expect(await end(state, null, 'access_denied: the administrator said no')).toMatchObject({
      status: 'refused',
      error: { code: 'authorization-refused', message: expect.stringContaining('the administrator said no') },
    });
  });

  it('is another secret: another version, entered by whoever began it', async () => {
    const { id } = await create();
    const { state, code } = await consent(id);
    await end(state, code);
    expect(await stored(id)).toMatchObject({ secretVersion: 2, previous: null });
    expect((await stored(id)).edits).toContainEqual(
      expect.objectContaining({ by: 'operator-1', kind: 'entered-secret' }),
    );
    const again = await consent(id);
    await end(again.state, again.code);
    expect(await stored(id)).toMatchObject({ secretVersion: 3, previous: null });
    expect(await installation.lease(id)).toMatchObject({ outcome: { status: 'done' } });
  });

  it('that comes twice asks the vendor once, and answers as it did', async () => {
    const { id } = await create();
    const { state, code } = await consent(id);
    const key = randomUUID();
    const first = await end(state, code, null, key);
    expect(first).toMatchObject({ status: 'done' });
    // The answer got lost: the command is delivered again, and handled again.
    const { databases, commandSender } = await installation.as('gateway');
    const own = databases.client.db(databases.database('credential-vault').databaseName);
    await own.collection('commandResults').deleteOne({ _id: commandSender.idOf('operator-1', key) as never });
    expect(await end(state, code, null, key)).toMatchObject({ status: 'done', result: { credential: { id } } });
    await later(id);
    expect(await installation.lease(id)).toMatchObject({ outcome: { status: 'done' } });
  });

  it('outlives a wrong client secret, also when its token was renewed meanwhile', async () => {
    const { id } = await create();
    const { state, code } = await consent(id);
    await end(state, code);
    const change = async (secrets: Record<string, string>) =>
      installation.send(updateCredential, { id, ifVersion: null }, { secrets });
    await later(id);
    await change({ clientSecret: 'example-wrong-secret' });
    // The new one is refused, that of before renews the token.
    expect(await installation.lease(id)).toMatchObject({ outcome: { status: 'done' }, secretVersion: 2 });
    await later(id);
    expect(await installation.lease(id)).toMatchObject({ outcome: { status: 'done' }, secretVersion: 2 });
    await change({ clientSecret });
    await later(id);
    expect(await installation.lease(id, { kind: 'check' })).toMatchObject({
      outcome: { status: 'done' },
      secretVersion: 4,
    });
  });

  it('is needed again for other scopes', async () => {
    const { id } = await create();
    const { state, code } = await consent(id);
    await end(state, code);
    await installation.send(updateCredential, { id, ifVersion: null }, { secrets: { scopes: 'openid' } });
    expect((await stored(id)).secretFields).not.toContain('refreshToken');
  });

  it.each([
    ['no address', 'login'],
    ['an address without TLS', 'http://login.example.com/authorize'],
    ['a user name in it', 'https://user:example@login.example.com/authorize'],
  ])('is refused with %s as authorization URL', async (_, authorizationUrl) => {
    expect((await create({ authorizationUrl })).outcome).toMatchObject({
      status: 'refused',
      error: { code: 'host-not-allowed', message: expect.stringContaining('authorization URL is refused') },
    });
  });

  it('is the only kind that anybody consents for', async () => {
    const id = randomUUID();
    const input = { id, name: id, connector: 'vendor-two', type: 'api-key' as const, baseUrl: null, secrets: {} };
    await installation.send(createCredential, input, { secrets: { key: 'example-key' } });
    const { outcome } = await installation.send(beginAuthorization, { id, redirectUri });
    expect(outcome).toMatchObject({ status: 'refused', error: { code: 'no-authorization-code' } });
  });
});
