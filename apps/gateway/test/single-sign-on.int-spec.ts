import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { auditEvents, operators, signInFailures } from '@rollcall/collections';
import { clientId, clientSecret, TestIdentityProvider } from '@rollcall/testing/identity-provider';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

import { Browser } from './browser.js';
import { GatewayUnderTest } from './gateway-under-test.js';

const publicUrl = 'https://rollcall.example.com';
const callback = '/session/single-sign-on/callback';
const redirectUri = `${publicUrl}/api/v1${callback}`;

const settings = (issuer: string) => ({
  ROLLCALL_PUBLIC_URL: publicUrl,
  OIDC_ISSUER: issuer,
  OIDC_CLIENT_ID: clientId,
  OIDC_CLIENT_SECRET: clientSecret,
  OIDC_ROLES: 'staff=viewer, it admins=admin',
});

async function begin(browser: Browser): Promise<string> {
  const answer = browser.take(await browser.send('get', '/session/single-sign-on'));
  expect(answer.status).toBe(303);
  return answer.headers['location']!;
}

const finish = async (browser: Browser, back: string) =>
  browser.take(await browser.send('get', `${callback}${new URL(back).search}`));

describe('single sign-on at a real provider', () => {
  let provider: TestIdentityProvider;
  let gateway: GatewayUnderTest;

  beforeAll(async () => {
    provider = await TestIdentityProvider.start(redirectUri);
    gateway = await GatewayUnderTest.start(settings(provider.issuer));
  }, 90_000);
  afterAll(async () => {
    await gateway?.stop();
    await provider?.stop();
  }, 60_000);

  const signInAs = async (who: TestIdentityProvider['who']) => {
    provider.who = who;
    const browser = new Browser(gateway);
    const answer = await finish(browser, await provider.visit(await begin(browser)));
    return { browser, answer };
  };
  const stored = (email: string) => gateway.environment.databases.collection(operators).findOne({ email });

  it('is offered where it is configured', async () => {
    const { body } = await gateway.plain('get', '/session/methods').expect(200);
    expect(body).toEqual({
      password: true,
      passwordLink: false,
      singleSignOn: { name: 'single sign-on', url: '/api/v1/session/single-sign-on' },
    });
  });

  it('lets in whoever is in a group with a role, and follows the groups at each sign-in', async () => {
    const ada = { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada' };
    const { browser, answer } = await signInAs({ ...ada, groups: ['staff', 'it admins'] });
    expect({ status: answer.status, location: answer.headers['location'] }).toEqual({ status: 303, location: '/' });
    const session = await browser.send('get', '/session').expect(200);
    expect(session.body).toMatchObject({ operator: { email: ada.email, name: 'Ada' } });
    expect((session.body as { scopes: string[] }).scopes).toContain('admin');
    const audit = gateway.environment.databases.collection(auditEvents);
    expect(await audit.findOne({ operation: 'endSingleSignOn', status: 303 })).toMatchObject({
      changes: [{ pointer: '/actor', from: null, to: (session.body as { actor: string }).actor }],
    });
    // Somebody else has to be administrator before Ada may stop being it.
    await signInAs({ sub: 'eve', email: 'eve@example.com', email_verified: true, groups: ['it admins'] });
    const next = await signInAs({ ...ada, groups: ['staff'] });
    expect((await next.browser.send('get', '/session')).body).toMatchObject({ scopes: ['read'] });
  });

  it('lets in whoever was invited under an address that the provider vouches for, with the roles of the invitation', async () => {
    const invite = { name: 'Iris', grants: [{ role: 'operator', limit: null }] };
    for (const email of ['iris@example.com', 'mallory@example.com']) {
      await gateway
        .as('post', '/operators')
        .send({ email, ...invite })
        .expect(201);
    }
    const { browser } = await signInAs({ sub: 'iris', email: 'Iris@Example.com', email_verified: true });
    expect((await browser.send('get', '/session')).body).toMatchObject({ scopes: ['read', 'write'] });
    expect(await stored('iris@example.com')).toMatchObject({ state: 'active', subject: `${provider.issuer} iris` });
    const { answer } = await signInAs({ sub: 'eve-2', email: 'mallory@example.com', email_verified: false });
    expect(answer.body).toMatchObject({ code: 'sign-in-refused' });
    expect(await stored('mallory@example.com')).toMatchObject({ state: 'invited' });
  });

  it('makes the network known, so that guesses from elsewhere lock nobody out of it', async () => {
    const networks = gateway.environment.databases.collection(signInFailures);
    await networks.deleteMany({});
    const { answer } = await signInAs({ sub: 'iris', email: 'iris@example.com', email_verified: true });
    expect(answer.status).toBe(303);
    const known = await networks.find().toArray();
    expect(known).toEqual([expect.objectContaining({ isKnown: true, failures: 0, pausedUntil: null })]);
  });

  it('hands an account on to nobody who gets the address of its owner later', async () => {
    const { answer } = await signInAs({ sub: 'somebody-else', email: 'iris@example.com', email_verified: true });
    expect(answer.body).toMatchObject({ code: 'sign-in-refused' });
  });

  it('refuses whoever is disabled, nobody knows, or lost the groups', async () => {
    const { answer: stranger } = await signInAs({ sub: 'x', email: 'x@example.com', email_verified: true });
    expect(stranger.status).toBe(401);
    const bo = { sub: 'bo', email: 'bo@example.com', email_verified: true };
    await signInAs({ ...bo, groups: ['staff'] });
    expect((await signInAs({ ...bo, groups: [] })).answer.status).toBe(401);
    await gateway.environment.databases
      .collection(operators)
      .updateOne({ email: bo.email }, { $set: { state: 'disabled' } });
    expect((await signInAs({ ...bo, groups: ['staff'] })).answer.status).toBe(401);
  });

  it('takes all rights from whoever lost all groups, of open sessions and keys too, and gives them back with a group', async () => {
    const fay = { sub: 'fay', email: 'fay@example.com', email_verified: true };
    const { browser } = await signInAs({ ...fay, groups: ['it admins'] });
    browser.take(await browser.send('get', '/session').expect(200));
    const wish = { name: 'Of Fay', scopes: ['read', 'admin'] };
    const { key } = (await browser.send('post', '/api-keys').send(wish).expect(201)).body as { key: string };
    await gateway.as('get', '/api-keys', key).expect(200);
    expect((await signInAs({ ...fay, groups: [] })).answer.status).toBe(401);
    expect(await stored(fay.email)).toMatchObject({ grants: [], state: 'active' });
    await browser.send('get', '/api-keys').expect(401);
    await gateway.as('get', '/api-keys', key).expect(403);
    await gateway.as('get', '/operators').expect(200);
    expect((await signInAs({ ...fay, groups: [] })).answer.status).toBe(401);
    const again = await signInAs({ ...fay, groups: ['staff'] });
    expect((await again.browser.send('get', '/session')).body).toMatchObject({ scopes: ['read'] });
  });

  it('leaves the last administrator the role, so that somebody can repair the groups', async () => {
    const eve = { sub: 'eve', email: 'eve@example.com', email_verified: true };
    const last = { email: { $ne: eve.email } };
    await gateway.environment.databases.collection(operators).updateMany(last, { $set: { grants: [] } });
    const { browser, answer } = await signInAs({ ...eve, groups: [] });
    expect(answer.status).toBe(303);
    await browser.send('get', '/api-keys').expect(200);
  });

  it('takes back only what this browser took along: no foreign, replayed, changed or missing answer', async () => {
    provider.who = { sub: 'cy', email: 'cy@example.com', email_verified: true, groups: ['staff'] };
    const browser = new Browser(gateway);
    const back = await provider.visit(await begin(browser));
    const refused = async (by: Browser, url: string) => {
      const { status, body } = await by.send('get', `${callback}${new URL(url).search}`);
      expect({ status, code: (body as { code: string }).code }).toEqual({ status: 401, code: 'sign-in-refused' });
    };
    await refused(new Browser(gateway), back);
    const victim = new Browser(gateway);
    await begin(victim);
    await refused(victim, back);
    const changed = (name: string, value: string) => {
      const url = new URL(back);
      url.searchParams.set(name, value);
      return url.toString();
    };
    await refused(browser, changed('state', 'example-state-of-somebody-else'));
    await refused(browser, changed('iss', 'https://evil.example.com'));
    await refused(browser, `${redirectUri}?error=access_denied&state=${new URL(back).searchParams.get('state')}`);
    await refused(browser, redirectUri);
    expect((await finish(browser, back)).status).toBe(303);
    await refused(browser, back);
  });
});

/** Answers as a provider does, with whatever identity token a test wants. */
class ForgingProvider {
  token: (claims: JWTPayload) => Promise<string> | string = () => '';
  private readonly server = createServer((request, response) => void this.answer(request.url ?? '', response));
  nonce = '';
  private jwks: object = {};

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this.issuer;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  setKeys(keys: object[]): void {
    this.jwks = { keys };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(path: string, response: ServerResponse): Promise<void> {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await this.bodyOf(path)));
  }

  private async bodyOf(path: string): Promise<object> {
    const { issuer } = this;
    if (path.startsWith('/.well-known')) {
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      };
    }
    if (path.startsWith('/jwks')) return this.jwks;
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: issuer, sub: 'dan', aud: clientId, iat: now, exp: now + 300, nonce: this.nonce };
    const known = { email: 'dan@example.com', email_verified: true, groups: ['staff'] };
    return { access_token: 'example', token_type: 'Bearer', id_token: await this.token({ ...claims, ...known }) };
  }
}

describe('an identity token', () => {
  const provider = new ForgingProvider();
  let gateway: GatewayUnderTest;
  let browser: Browser;
  let keys: Awaited<ReturnType<typeof generateKeyPair>>;
  let foreign: typeof keys;
  let state = '';

  beforeAll(async () => {
    keys = await generateKeyPair('RS256');
    foreign = await generateKeyPair('RS256');
    provider.setKeys([{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }]);
    gateway = await GatewayUnderTest.start(settings(await provider.start()));
  }, 90_000);
  beforeEach(async () => {
    browser = new Browser(gateway);
    const url = new URL(await begin(browser));
    provider.nonce = url.searchParams.get('nonce')!;
    state = url.searchParams.get('state')!;
  });
  afterAll(async () => {
    await gateway?.stop();
    provider.stop();
  }, 60_000);

  const signed = (claims: JWTPayload, key = keys.privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
  const come = () => browser.send('get', `${callback}?code=example-code&state=${state}`);

  it('that is right lets somebody in', async () => {
    provider.token = (claims) => signed(claims);
    expect((await come()).status).toBe(303);
  });

  it.each<[string, (claims: JWTPayload) => Promise<string> | string]>([
    ['is not signed', (claims) => new UnsecuredJWT(claims).encode()],
    ['is signed with another key', (claims) => signed(claims, foreign.privateKey)],
    ['is of another issuer', (claims) => signed({ ...claims, iss: 'https://evil.example.com' })],
    ['is for somebody else', (claims) => signed({ ...claims, aud: 'another-client' })],
    ['has expired', (claims) => signed({ ...claims, exp: claims.iat! - 3600, iat: claims.iat! - 7200 })],
    ['is of another sign-in', (claims) => signed({ ...claims, nonce: 'example-nonce-of-another-sign-in' })],
    ['names nobody', ({ sub: _, ...claims }) => signed(claims)],
    [
      'is signed with the public key as a secret',
      async (claims) =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey)))),
    ],
    ['is no token', () => 'nonsense'],
    ['is missing', () => ''],
  ])('that %s lets nobody in', async (_, token) => {
    provider.token = token;
    const { status, body } = await come();
    expect({ status, code: (body as { code: string }).code }).toEqual({ status: 401, code: 'sign-in-refused' });
    await browser.send('get', '/session').expect(401);
  });
});

describe('a provider that does not answer', () => {
  it('is said to be out of reach, and passwords still work', async () => {
    const gateway = await GatewayUnderTest.start(settings('http://127.0.0.1:9'));
    try {
      const { body } = await gateway.plain('get', '/session/single-sign-on').expect(502);
      expect(body).toMatchObject({ code: 'provider-unavailable' });
      await gateway.plain('get', '/session/methods').expect(200);
    } finally {
      await gateway.stop();
    }
  }, 90_000);

  it('is not asked for where there is none', async () => {
    const gateway = await GatewayUnderTest.start();
    try {
      const { body } = await gateway.plain('get', '/session/single-sign-on').expect(404);
      expect(body).toMatchObject({ code: 'single-sign-on-off' });
    } finally {
      await gateway.stop();
    }
  }, 90_000);
});
