import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import {
  auditEvents,
  mailServers,
  operatorLinks,
  operators,
  passwordLinkRequests,
  sessions,
} from '@rollcall/collections';
import {
  commandsTopicOf,
  type Grant,
  type InputOf,
  type InvitedOperator,
  mailLink,
  type OperatorLink,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';
import { openCommandField, readSealPrivateKey, unwrapSecret } from '@rollcall/secrets';
import { readTopic, waitFor } from '@rollcall/testing';

import { Browser } from './browser.js';
import { GatewayUnderTest } from './gateway-under-test.js';

const password = 'an example password of many words';
const another = 'another example password of many words';
const viewer: Grant = { role: 'viewer', limit: null };

interface Mailed {
  readonly to: string;
  readonly purpose: string;
  readonly url: string;
}

/** What reached the notifier of this test, opened with its key. */
const mailed: Mailed[] = [];
let keysDirectory = '';
let commands = 0;

@Injectable()
class Notifier {
  @HandleCommand(mailLink)
  async send(
    { to, purpose, link: sealed }: InputOf<typeof mailLink>,
    { id: commandId }: CommandContext,
  ): Promise<ResultOf<typeof mailLink>> {
    const { privateKey } = await readSealPrivateKey(keysDirectory, 'mail');
    const link = await openCommandField({ privateKey, commandId, field: 'link', sealed });
    mailed.push({ to: to.email, purpose, url: unwrapSecret(link) });
    commands += 1;
    return { mail: 'mail-1' };
  }
}

@Module({ providers: [Notifier] })
class NotifierModule {}

let gateway: GatewayUnderTest;
let administrator: Browser;
let addresses = 0;

const databases = () => gateway.environment.databases;
const mailServerIs = (reachable: boolean) =>
  databases()
    .collection(mailServers)
    .updateOne(
      { _id: 'mail-server' },
      {
        $set: {
          server: 'mail.example.com:587',
          reachable,
          checkedAt: new Date().toISOString(),
          lastSuccess: null,
          lastFailure: null,
        },
      },
      { upsert: true },
    );

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({
    ROLLCALL_PUBLIC_URL: 'https://rollcall.example.com',
    TRUST_PROXY: '1',
  });
  keysDirectory = gateway.environment.keysDirectory;
  await gateway.startOwner('notifier', NotifierModule);
  await mailServerIs(true);
  const { body } = await gateway.as('post', '/operators/first-administrator-link').expect(200);
  administrator = new Browser(gateway);
  await administrator.redeem((body as OperatorLink).token, password, { email: 'ada@example.com', name: 'Ada' });
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);
beforeEach(() => {
  mailed.length = 0;
});

async function invite(email: string): Promise<InvitedOperator> {
  const { body } = await administrator
    .send('post', '/operators')
    .send({ email, name: 'Iris', grants: [viewer] })
    .expect(201);
  return body as InvitedOperator;
}

const tokenOf = ({ url }: Mailed): string => url.slice(url.indexOf('#') + 1);

/** Somebody who accepted their invitation, and their browser. */
async function operatorWith(email: string): Promise<{ id: string; browser: Browser }> {
  const { id } = await invite(email);
  const browser = new Browser(gateway);
  expect((await browser.redeem(tokenOf(mailed.find(({ to }) => to === email)!), password)).status).toBe(200);
  mailed.length = 0;
  return { id, browser };
}

/** Each from a network of its own, unless told. */
function ask(email: string, address = `10.7.${(addresses += 1)}.1`, host = 'rollcall.example.com') {
  return gateway
    .plain('post', '/session/password-link')
    .set('x-forwarded-for', address)
    .set('host', host)
    .send({ email });
}

const mailsTo = (email: string, count = 1) =>
  waitFor(`${count} mails to ${email}`, async () => {
    const found = mailed.filter(({ to }) => to === email);
    return found.length >= count && found;
  });

/** Asked for after others, so that whatever these would have caused has happened once it is there. */
async function mailOfMarker(): Promise<void> {
  await ask('marker@example.com').expect(204);
  await mailsTo('marker@example.com');
}

describe('an invitation where mail is set up', () => {
  it('is mailed, to the public address, and shown to nobody else', async () => {
    const invited = await invite('iris@example.com');
    expect(invited).toMatchObject({ state: 'invited', link: null });
    expect(mailed).toEqual([
      {
        to: 'iris@example.com',
        purpose: 'invitation',
        url: expect.stringMatching(/^https:\/\/rollcall\.example\.com\/welcome#/),
      },
    ]);
    expect((await new Browser(gateway).redeem(tokenOf(mailed[0]!), password)).status).toBe(200);
  });

  it('lies in clear neither in the topic nor in any database', async () => {
    await invite('nils@example.com');
    const token = tokenOf(mailed[0]!);
    const messages = await readTopic(gateway.environment.kafka, commandsTopicOf('notifier'));
    expect(messages.length).toBeGreaterThan(0);
    expect(JSON.stringify(messages)).not.toContain(token);
    const stored = await Promise.all([
      databases().collection(operatorLinks).find().toArray(),
      databases().collection(auditEvents).find().toArray(),
      databases().database('notifier').collection('commandResults').find().toArray(),
    ]);
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it('is shown once to whoever invites while the mail server does not answer', async () => {
    await mailServerIs(false);
    const { link } = await invite('otto@example.com');
    await mailServerIs(true);
    expect(link!.url).toContain('/welcome#');
    expect(mailed).toEqual([]);
  });
});

describe('a forgotten password', () => {
  it('is replaced with a mailed link, which works once and signs them out everywhere', async () => {
    const email = 'petra@example.com';
    const { id, browser } = await operatorWith(email);
    await ask(' PETRA+tag@example.com').expect(204);
    const [mail] = await mailsTo(email);
    expect(mail).toMatchObject({ purpose: 'reset', url: expect.stringMatching(/^https:\/\/rollcall\.example\.com\//) });
    await browser.send('get', '/session').expect(200);
    expect((await new Browser(gateway).redeem(tokenOf(mail!), another)).status).toBe(200);
    await browser.send('get', '/session').expect(401);
    expect(await databases().collection(sessions).countDocuments({ operator: id, endedAt: null })).toBe(1);
    expect((await new Browser(gateway).redeem(tokenOf(mail!), password)).status).toBe(404);
    expect((await new Browser(gateway).signIn(email, another)).status).toBe(200);
    const noted = await databases().collection(auditEvents).find({ operation: 'requestPasswordLink' }).toArray();
    expect(noted.map(({ object, status }) => ({ object, status }))).toEqual(
      expect.arrayContaining([
        { object: 'session/password-link', status: 204 },
        { object: `operators/${id}/password-link`, status: 200 },
      ]),
    );
  });

  it('leads to the public address, whatever host the request names', async () => {
    const email = 'quentin@example.com';
    await operatorWith(email);
    await ask(email, '10.8.0.1', 'evil.example.org').expect(204);
    const [mail] = await mailsTo(email);
    expect(new URL(mail!.url).host).toBe('rollcall.example.com');
  });

  it('mails nothing to strangers, invited, disabled, and those of the identity provider, and answers them the same', async () => {
    await operatorWith('marker@example.com');
    const { id: disabled } = await operatorWith('dora@example.com');
    const { id: single } = await operatorWith('sigrid@example.com');
    await databases()
      .collection(operators)
      .updateOne({ _id: disabled }, { $set: { state: 'disabled' } });
    const byProvider = { passwordHash: null, subject: 'https://login.example.com 1' };
    await databases().collection(operators).updateOne({ _id: single }, { $set: byProvider });
    await invite('invited@example.com');
    mailed.length = 0;
    const emails = [
      'nobody@example.com',
      'invited@example.com',
      'dora@example.com',
      'sigrid@example.com',
      'no address',
    ];
    const answers = [];
    for (const email of emails) answers.push(await ask(email));
    expect(answers.map(({ status, text }) => ({ status, text }))).toEqual(
      emails.map(() => ({ status: 204, text: '' })),
    );
    await mailOfMarker();
    expect(mailed.map(({ to }) => to)).toEqual(['marker@example.com']);
  });

  it('can be asked for three times an hour, whether or not there is such an account, and every link stays valid', async () => {
    const email = 'rosa@example.com';
    await operatorWith(email);
    for (const one of [email, 'unknown@example.com']) {
      const answers = [];
      for (let times = 0; times < 4; times += 1) answers.push(await ask(one));
      expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 429]);
      expect(Number(answers[3]!.headers['retry-after'])).toBeGreaterThan(3_000);
    }
    const mails = await mailsTo(email, 3);
    expect((await new Browser(gateway).redeem(tokenOf(mails[0]!), another)).status).toBe(200);
    for (const mail of mails) expect((await new Browser(gateway).redeem(tokenOf(mail), another)).status).toBe(404);
    const hourAgo = { $set: { since: new Date(Date.now() - 61 * 60_000) } };
    await databases().collection(passwordLinkRequests).updateMany({}, hourAgo);
    await ask(email).expect(204);
  });

  it('can be asked for ten times a minute from one network, for whomever', async () => {
    const statuses = [];
    for (let times = 0; times < 11; times += 1) {
      statuses.push((await ask(`somebody-${times}@example.com`, '10.250.0.1')).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 204), 429]);
  });

  it('says plainly when no mail can be sent, and on the sign-in page too', async () => {
    const methods = async () => (await gateway.plain('get', '/session/methods').expect(200)).body as object;
    expect(await methods()).toMatchObject({ passwordLink: true });
    await mailServerIs(false);
    const { body } = await ask('ada@example.com').expect(409);
    expect(body).toMatchObject({ code: 'mail-not-available' });
    expect(await methods()).toMatchObject({ passwordLink: false });
    await mailServerIs(true);
    expect(commands).toBeGreaterThan(0);
  });
});
