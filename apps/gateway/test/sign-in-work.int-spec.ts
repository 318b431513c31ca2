import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { mailServers, operators } from '@rollcall/collections';
import type { InvitedOperator } from '@rollcall/contracts';

import { AuditRepository } from '../src/audit/audit.repository.js';
import { LinkMails } from '../src/operators/link-mails.service.js';
import { OperatorsRepository } from '../src/operators/operators.repository.js';
import { PasswordHasher } from '../src/operators/password-hasher.js';
import { PasswordLinkRequestsRepository } from '../src/sessions/password-link-requests.repository.js';
import { SignInFailuresRepository } from '../src/sessions/sign-in-failures.repository.js';
import type { GatewayUnderTest } from './gateway-under-test.js';
import { everywhere, Office } from './office.js';

/** Calls of providers, by class and method: each query and each hash is one. */
class Work {
  private calls: string[] = [];

  constructor(gateway: GatewayUnderTest, types: readonly Type<object>[]) {
    for (const type of types) this.watch(gateway.app.get(type, { strict: false }), type);
  }

  async during(run: () => Promise<unknown>): Promise<string[]> {
    this.calls = [];
    await run();
    return this.calls;
  }

  private watch(instance: object, { name: className, prototype }: Type<object>): void {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype as object))) {
      // The time is no work, and the end of the audit is noted by the clock.
      if (typeof value !== 'function' || ['constructor', 'time', 'noteHead', 'rest'].includes(name)) continue;
      const call = (...input: unknown[]) => {
        this.calls.push(`${className}.${name}`);
        return (value as (...given: unknown[]) => unknown).apply(instance, input);
      };
      Object.defineProperty(instance, name, { value: call, configurable: true });
    }
  }
}

let office: Office;
let gateway: GatewayUnderTest;
let networks = 0;

const emails = {
  'who is active': '',
  'who is disabled': 'disabled@example.com',
  'who has not accepted yet': 'invited@example.com',
  'who signs in through the identity provider': 'provider@example.com',
  'that nobody has': 'nobody@example.com',
  'that is none': 'not an address',
};

beforeAll(async () => {
  office = await Office.open();
  ({ gateway } = office);
  const stored = gateway.environment.databases.collection(operators);
  emails['who is active'] = (await office.operatorWith(everywhere('viewer'))).email;
  for (const [email, change] of [
    [emails['who is disabled'], { state: 'disabled' as const }],
    [
      emails['who signs in through the identity provider'],
      { passwordHash: null, subject: 'https://login.example.com 1' },
    ],
  ] as const) {
    const { id } = await office.operatorWith(everywhere('viewer'));
    await stored.updateOne({ _id: id }, { $set: { ...change, email, emailKey: email } });
  }
  const invitation = { email: emails['who has not accepted yet'], name: 'Invited', grants: [everywhere('viewer')] };
  const { body } = await office.administrator.send('post', '/operators').send(invitation).expect(201);
  expect((body as InvitedOperator).state).toBe('invited');
}, 120_000);
afterAll(async () => gateway?.stop(), 60_000);

/** From a network that nobody came from before. */
const from = (path: string, body: object) => {
  networks += 1;
  return gateway.plain('post', path).set('x-forwarded-for', `10.9.${networks}.1`).send(body);
};

describe('whether there is such an account', () => {
  it('makes no difference to the work of a sign-in that is refused: the same queries, and one hash of the same cost', async () => {
    const work = new Work(gateway, [OperatorsRepository, SignInFailuresRepository, AuditRepository, PasswordHasher]);
    const done: Record<string, string[]> = {};
    for (const [whose, email] of Object.entries(emails)) {
      done[whose] = await work.during(() => from('/session', { email, password: 'example-wrong' }).expect(401));
    }
    const expected = done['who is active']!;
    expect(done).toEqual(Object.fromEntries(Object.keys(emails).map((whose) => [whose, expected])));
    const hashes = expected.filter((call) => call === 'PasswordHasher.inTurn');
    expect(hashes).toHaveLength(1);
    expect(expected.filter((call) => call === 'OperatorsRepository.findByEmail')).toHaveLength(1);
  });

  it('makes no difference to the cost of the hash: that of nobody has the parameters of those that are stored', async () => {
    const costOf = (hash: string) => hash.split('$').slice(0, 4).join('$');
    const { nobodys } = gateway.app.get(PasswordHasher, { strict: false }) as unknown as { nobodys: string };
    const { databases } = gateway.environment;
    const known = await databases.collection(operators).findOne({ email: emails['who is active'] });
    expect(costOf(nobodys)).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+$/);
    expect(costOf(known!.passwordHash!)).toBe(costOf(nobodys));
  });

  it('makes no difference to what is done before a request for a link is answered', async () => {
    const reachable = { server: 'mail.example.com:587', reachable: true, checkedAt: new Date().toISOString() };
    const mailServer = { _id: 'mail-server' as const, ...reachable, lastSuccess: null, lastFailure: null };
    await gateway.environment.databases.collection(mailServers).insertOne(mailServer);
    // Accounts are looked up later, by the clock, which is no part of the answer.
    const work = new Work(gateway, [PasswordLinkRequestsRepository, PasswordHasher]);
    const mails = gateway.app.get(LinkMails, { strict: false });
    let asked = 0;
    const canSend = mails.canSend.bind(mails);
    mails.canSend = () => {
      asked += 1;
      return canSend();
    };
    for (const email of Object.values(emails)) {
      const done = await work.during(() => from('/session/password-link', { email }).expect(204));
      expect(done).toEqual(['PasswordLinkRequestsRepository.count']);
    }
    expect(asked).toBe(Object.keys(emails).length);
  });
});
