import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { advancedSchemes, refreshTokenField, serviceNames } from '@rollcall/contracts';
import { selfSigned, waitFor } from '@rollcall/testing';
import { SMTPServer } from 'smtp-server';

import { type Canaries, CanaryScan, newCanary } from './canaries.js';
import { Installation } from './installation.js';
import { dataKeysOf, keyFilesOf } from './installation-keys.js';
import { ToldSecrets } from './told-secrets.js';

const day = 86_400_000;
const publicUrl = 'http://rollcall.example.com';
/** Of the settings of services: they stand in the environment of these processes and nowhere else. */
const settings = { 'SMTP password': newCanary(), 'client secret of single sign-on': newCanary() };

let installation: Installation;
let tokens: Server;
let mailServer: SMTPServer;
let told: ToldSecrets;
const canaries: Record<string, string | Buffer> = { ...settings };
const mails: string[] = [];
/** Random ones, of which the gateway stores the SHA-256. */
const hashed: string[] = [];

const plant = (name: string): string => {
  const canary = newCanary();
  canaries[name] = canary;
  return canary;
};
const noteKeys = (keys: readonly (readonly [name: string, key: Buffer])[]): void => {
  for (const [name, key] of keys) canaries[name] = key;
};
const portOf = (server: { address(): AddressInfo | string | null }): number => (server.address() as AddressInfo).port;

/** A vendor's token endpoint: every token that it gives is a canary. */
async function startTokenServer(): Promise<Server> {
  let given = 0;
  const server = createServer((_request, response) => {
    given += 1;
    const body = { access_token: plant(`access token ${given}`), refresh_token: plant(`refresh token ${given}`) };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...body, token_type: 'Bearer', expires_in: 3600 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Takes mails over TLS from whoever knows the password. */
async function startMailServer(certificate: { key: string; cert: string }): Promise<SMTPServer> {
  const server = new SMTPServer({
    ...certificate,
    secure: true,
    logger: false,
    onAuth: ({ password }, _session, callback) =>
      callback(password === settings['SMTP password'] ? null : new Error('wrong password'), { user: 'test' }),
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString('utf8').replaceAll('=\r\n', '').replaceAll('=3D', '='));
        callback();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return server;
}

beforeAll(async () => {
  const certificate = selfSigned('localhost', { from: new Date(Date.now() - day), until: new Date(Date.now() + day) });
  const authority = join(tmpdir(), `rollcall-mail-${randomUUID()}.pem`);
  await writeFile(authority, certificate.cert);
  tokens = await startTokenServer();
  mailServer = await startMailServer(certificate);
  const password = encodeURIComponent(settings['SMTP password']);
  const debug = { LOG_LEVEL: 'debug' };
  installation = await Installation.start({
    services: serviceNames,
    simulator: { company: 'load:5' },
    readyWithinMs: 240_000,
    variables: {
      ...Object.fromEntries(serviceNames.map((service) => [service, debug])),
      gateway: {
        ...debug,
        ROLLCALL_PUBLIC_URL: publicUrl,
        OIDC_ISSUER: 'https://127.0.0.1:1',
        OIDC_CLIENT_ID: 'rollcall',
        OIDC_CLIENT_SECRET: settings['client secret of single sign-on'],
      },
      notifier: {
        ...debug,
        SMTP_URL: `smtps://rollcall:${password}@localhost:${portOf(mailServer.server)}`,
        NODE_EXTRA_CA_CERTS: authority,
      },
    },
  });
  canaries['first API key'] = installation.apiKey;
  canaries['key-encryption key'] = installation.kek;
  hashed.push('first API key');
  noteKeys(await keyFilesOf(installation));
  noteKeys(await dataKeysOf(installation));
  told = new ToldSecrets(installation.gatewayUrl, installation.apiKey);
}, 300_000);

afterAll(async () => {
  await installation?.stop();
  await new Promise((resolve) => tokens?.close(resolve) ?? resolve(undefined));
  await new Promise<void>((resolve) => mailServer?.close(() => resolve()));
}, 60_000);

/** Every field of every way to sign in: its secrets are canaries, the rest is what the vendor of this test has. */
function fieldsOf({ type, inputs }: (typeof advancedSchemes)[number], round: string): Record<string, string> {
  const url = `http://127.0.0.1:${portOf(tokens)}/token`;
  const plain: Record<string, string> = {
    tokenUrl: url,
    authorizationUrl: url,
    region: 'us-east-1',
    service: 'example',
  };
  const entries = inputs
    .filter(({ name }) => name !== refreshTokenField)
    .map(({ name, secret, options, required }) => {
      const canary = () => plant(`${type}, ${name}, ${round}`);
      if (name === 'headers') return [name, `X-Example: ${canary().replaceAll('"', '')}`] as const;
      if (secret) return [name, canary()] as const;
      return required || options ? ([name, plain[name] ?? options?.[0] ?? `x-${name.toLowerCase()}`] as const) : null;
    });
  return Object.fromEntries(entries.filter((entry) => entry !== null));
}

async function playCredential(scheme: (typeof advancedSchemes)[number]): Promise<void> {
  const base = {
    connector: 'jumpcloud',
    type: scheme.type,
    advanced: true,
    baseUrl: installation.simulator.urls.jumpcloud,
  };
  await told.ask('POST', '/credential-tests', { ...base, fields: fieldsOf(scheme, 'draft') });
  const name = `Canary ${scheme.type}`;
  const made = await told.ask('POST', '/credentials', { ...base, name, fields: fieldsOf(scheme, 'stored') });
  expect([scheme.type, made.status]).toEqual([scheme.type, 201]);
  const path = `/credentials/${String(made.body['id'])}`;
  if (scheme.type === 'oauth2-authorization-code') {
    const { body } = await told.ask('POST', `${path}/authorization`);
    const state = new URL(String(body['url'])).searchParams.get('state')!;
    await told.ask('POST', '/credential-consents', { state, code: plant('authorization code') });
  }
  await told.ask('POST', `${path}/test`, {});
  await told.ask('PATCH', path, { fields: fieldsOf(scheme, 'replaced') });
  await told.ask('POST', `${path}/test`, {});
  await told.ask('PATCH', path, { baseUrl: 'https://elsewhere.example.com', fields: {} });
  if (scheme.type === 'basic') await told.ask('DELETE', path);
}

const linkIn = async (address: string, count = 1): Promise<string> =>
  waitFor(`mail ${count} to ${address}`, () => {
    const found = mails.filter((mail) => mail.includes(address) && mail.includes(publicUrl));
    return found.length >= count ? /welcome#([\w-]+)/.exec(found.at(-1)!)![1]! : null;
  });

describe('every secret that there is (P20, P21)', () => {
  it('of a credential is taken by every way to sign in', async () => {
    for (const scheme of advancedSchemes) await playCredential(scheme);
    await told.ask('POST', '/encryption-keys/rotate', { what: 'data-key' });
    noteKeys(await dataKeysOf(installation));
    const names = Object.keys(canaries);
    expect(names.filter((name) => name.startsWith('data key')).length).toBeGreaterThan(1);
    expect(names.filter((name) => name.startsWith('key of')).length).toBeGreaterThan(serviceNames.length);
    expect(Object.keys(canaries).filter((name) => name.includes('stored')).length).toBeGreaterThan(10);
  }, 300_000);

  it('of operators opens what it is for: links, passwords, tokens and keys', async () => {
    await waitFor('the mail server to be known', async () => {
      const { body } = await told.ask('GET', '/session/methods');
      return body['passwordLink'] === true;
    });
    const keep = (name: string, secret: string) => {
      canaries[name] = secret;
      hashed.push(name);
    };
    const first = await told.askForSecret('POST', '/operators/first-administrator-link');
    keep('first link', String(first['token']));
    const who = { email: 'ada@example.com', name: 'Ada' };
    const ada = await told.signIn('/session/link', { token: first['token'], password: plant('password'), ...who });
    for (const [name, value] of ada) keep(name, value);
    await told.ask('POST', '/session', { email: who.email, password: plant('wrong password') });
    await told.ask('POST', '/session', { email: plant('password typed as an address'), password: 'x' });
    await told.ask('POST', '/session/link', { token: plant('wrong token'), password: 'an example of a password' });
    const invitation = { email: 'iris@example.com', name: 'Iris', grants: [{ role: 'viewer', limit: null }] };
    const invited = await told.ask('POST', '/operators', invitation);
    expect(invited).toMatchObject({ status: 201, body: { link: null } });
    const link = await linkIn('iris@example.com');
    keep('link of an invitation', link);
    await told.signIn('/session/link', { token: link, password: plant('password of an invitation') });
    await told.ask('POST', '/session/password-link', { email: 'iris@example.com' });
    const reset = await linkIn('iris@example.com', 2);
    keep('link for another password', reset);
    await told.signIn('/session/link', { token: reset, password: plant('another password') });
    const made = await told.askForSecret('POST', '/api-keys', { name: 'Canary', scopes: ['read'] });
    keep('API key', String(made['key']));
    await told.ask('GET', '/people', undefined, String(made['key']));
    await told.ask('GET', '/people', undefined, plant('wrong API key'));
  }, 180_000);

  it('stands nowhere: no log, database, topic, mail, answer or command line, in no form', async () => {
    const scan = new CanaryScan(canaries as Canaries, hashed);
    for (const service of serviceNames) await scan.commandLine(installation.service(service).pid);
    for (const text of told.answers) scan.search('answers', text);
    const links = new CanaryScan(
      Object.fromEntries(Object.entries(canaries).filter(([name]) => !name.startsWith('link'))),
    );
    for (const mail of mails) links.search('mails', mail);
    await scan.databases(installation.environment);
    await scan.topics(installation.environment);
    await scan.logs(installation.logs);
    expect([...scan.hits, ...links.hits]).toEqual([]);
    expect(scan.searched).toMatchObject({ logs: serviceNames.length, 'command lines': serviceNames.length });
    expect(scan.searched['answers']).toBeGreaterThan(50);
    expect(links.searched['mails']).toBeGreaterThan(1);
    process.stdout.write(`canary scan: ${Object.keys(canaries).length} secrets, ${JSON.stringify(scan.searched)}\n`);
  }, 180_000);
});
