import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mailServers } from '@rollcall/collections';
import { testMail } from '@rollcall/contracts';

import { Installation, until } from './installation.js';

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.create();
  await installation.start();
}, 120_000);
afterAll(async () => installation?.close(), 60_000);

async function state() {
  const { databases } = await installation.as('sync-runner');
  return databases.model(mailServers).findOne({ _id: 'mail-server' }).lean();
}

async function tried(to: string) {
  const { commandSender } = await installation.as('gateway');
  const message = {
    ...{ aggregate: 'mail-server', actor: 'api-key:test', correlationId: randomUUID() },
    ...{ idempotencyKey: randomUUID(), input: { to } },
  };
  return (await commandSender.send(testMail, message, 20_000)).outcome;
}

describe('the mail server', () => {
  it('is asked at the start, before there is any mail', async () => {
    const found = await until(state);
    expect(found).toMatchObject({ reachable: true, lastSuccess: null, lastFailure: null });
    expect(found!.server).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('gets one mail when somebody tries it, and its answer is told', async () => {
    const outcome = await tried('iris.operator@example.com');
    expect(outcome).toMatchObject({
      status: 'done',
      result: { accepted: true, from: 'rollcall@example.org', answer: expect.stringMatching(/^250 /) },
    });
    expect(installation.smtp.to('iris.operator@example.com')).toHaveLength(1);
    expect(await state()).toMatchObject({ reachable: true, lastSuccess: expect.any(String) });
  });

  it('that refuses a mail says why, and still counts as reachable', async () => {
    installation.smtp.answers.push({ code: 550, text: 'no such mailbox here' });
    expect(await tried('nobody@example.com')).toMatchObject({
      result: { accepted: false, answer: expect.stringContaining('no such mailbox here') },
    });
    expect(await state()).toMatchObject({
      reachable: true,
      lastFailure: { reason: expect.stringContaining('no such mailbox here') },
    });
  });

  it('that is away is shown as such, with the reason', async () => {
    await installation.smtp.close();
    expect(await tried('iris.operator@example.com')).toMatchObject({
      result: { accepted: false, answer: expect.stringContaining('ECONNREFUSED') },
    });
    expect(await state()).toMatchObject({
      reachable: false,
      lastSuccess: expect.any(String),
      lastFailure: { reason: expect.stringContaining('ECONNREFUSED') },
    });
  });
});
