import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { operators, sessions } from '@rollcall/collections';
import type { Grant, Operator, OperatorLink } from '@rollcall/contracts';

import { OperatorSessionsRepository } from '../src/operators/operator-sessions.repository.js';
import { PasswordHasher } from '../src/operators/password-hasher.js';
import { Browser } from './browser.js';
import { GatewayUnderTest } from './gateway-under-test.js';

const password = 'an example password of many words';
const another = 'another example password of many words';
const viewer: Grant = { role: 'viewer', limit: null };

let gateway: GatewayUnderTest;
let invited = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);
afterEach(() => {
  jest.restoreAllMocks();
});

async function operatorWith(grant: Grant) {
  invited += 1;
  const email = `operator-${invited}@example.com`;
  const body = { email, name: `Operator ${invited}`, grants: [grant] };
  const { id, link } = (await gateway.as('post', '/operators').send(body).expect(201)).body as Operator & {
    link: OperatorLink;
  };
  expect((await new Browser(gateway).redeem(link.token, password)).status).toBe(200);
  return { id, email };
}

/** Lets `meanwhile` happen after the right password was checked, and before whoever asked for that hears of it. */
function afterCheck(meanwhile: () => Promise<void>): void {
  const hasher = gateway.app.get(PasswordHasher, { strict: false });
  const matches = hasher.matches.bind(hasher);
  jest.spyOn(hasher, 'matches').mockImplementationOnce(async (text, stored) => {
    const isRight = await matches(text, stored);
    await meanwhile();
    return isRight;
  });
}

const openSessions = (operator: string) =>
  gateway.environment.databases.collection(sessions).countDocuments({ operator, endedAt: null });

async function isRefused(email: string): Promise<void> {
  const { status, body } = await new Browser(gateway).signIn(email, password);
  expect({ status, code: (body as { code: string }).code }).toEqual({ status: 401, code: 'sign-in-refused' });
}

describe('a sign-in under way', () => {
  it('with the old password is refused when another one was chosen by a link meanwhile', async () => {
    const { id, email } = await operatorWith(viewer);
    const chosen = new Browser(gateway);
    const { token } = (await gateway.as('post', `/operators/${id}/reset-password`).expect(200)).body as OperatorLink;
    afterCheck(async () => {
      expect((await chosen.redeem(token, another)).status).toBe(200);
    });
    await isRefused(email);
    expect(await openSessions(id)).toBe(1);
    await chosen.send('get', '/session').expect(200);
  });

  it('is refused when they chose another password in another browser meanwhile', async () => {
    const { id, email } = await operatorWith(viewer);
    const browser = new Browser(gateway);
    expect((await browser.signIn(email, password)).status).toBe(200);
    const hasher = gateway.app.get(PasswordHasher, { strict: false });
    const stored = gateway.environment.databases.collection(operators);
    // A second check for the same address would wait for this one, so the new password comes as from another replica.
    afterCheck(async () => {
      const passwordHash = await hasher.hash(another);
      await stored.updateOne({ _id: id }, { $set: { passwordHash }, $inc: { version: 1 } });
    });
    await isRefused(email);
  });

  it('is refused when an administrator disabled them meanwhile, also if they are let in again at once', async () => {
    const { id, email } = await operatorWith(viewer);
    const set = async (state: string) => {
      const { headers } = await gateway.as('get', `/operators/${id}`).expect(200);
      await gateway.as('patch', `/operators/${id}`).set('if-match', headers['etag']!).send({ state }).expect(200);
    };
    afterCheck(() => set('disabled'));
    await isRefused(email);
    await set('active');
    afterCheck(async () => {
      await set('disabled');
      await set('active');
    });
    await isRefused(email);
    expect(await openSessions(id)).toBe(0);
    expect((await new Browser(gateway).signIn(email, password)).status).toBe(200);
  });

  it('is refused when an administrator signed them out meanwhile', async () => {
    const { id, email } = await operatorWith(viewer);
    afterCheck(async () => {
      await gateway.as('post', `/operators/${id}/sign-out`).expect(200);
    });
    await isRefused(email);
    expect(await openSessions(id)).toBe(0);
    expect((await new Browser(gateway).signIn(email, password)).status).toBe(200);
  });

  it('goes on when they sign in at once in many browsers', async () => {
    const { id, email } = await operatorWith(viewer);
    const before = await openSessions(id);
    const answers = await Promise.all([1, 2, 3, 4].map(() => new Browser(gateway).signIn(email, password)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await openSessions(id)).toBe(before + 4);
  });
});

describe('another password', () => {
  it.each(['by a link', 'by changing it'])('%s is not stored without ending the sessions of before', async (way) => {
    const { id, email } = await operatorWith(viewer);
    const browser = new Browser(gateway);
    await browser.signIn(email, password);
    const before = await gateway.environment.databases.collection(operators).findOne({ _id: id });
    const { token } = (await gateway.as('post', `/operators/${id}/reset-password`).expect(200)).body as OperatorLink;
    const repository = gateway.app.get(OperatorSessionsRepository, { strict: false });
    jest.spyOn(repository, 'endAllOf').mockRejectedValueOnce(new Error('the database is away'));
    const answer =
      way === 'by a link'
        ? await new Browser(gateway).redeem(token, another)
        : await browser.send('post', '/session/password').send({ current: password, password: another });
    expect(answer.status).toBe(500);
    const after = await gateway.environment.databases.collection(operators).findOne({ _id: id });
    expect(after!.passwordHash).toBe(before!.passwordHash);
  });
});
