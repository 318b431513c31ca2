import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { operatorContacts, outgoingMail } from '@rollcall/collections';
import {
  type Contact,
  deadLettersTopic,
  integrationConfigured,
  integrationDeleted,
  markNoticeRead,
  noticesTopic,
  runCompleted,
  runFailed,
  runHeld,
  runPlanned,
  runStarted,
  schedulePlanned,
} from '@rollcall/contracts';
import { partitionBounds } from '@rollcall/messaging';

import { buildFailedRun, buildRun } from './build-run.js';
import { Installation, until } from './installation.js';

jest.setTimeout(90_000);

const hour = 60 * 60_000;

describe('notifier', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
    await installation.start();
  });
  afterAll(async () => {
    await installation.close();
  });

  const address = () => `contact-${randomUUID()}@example.com`;
  const configure = async (contacts: Contact[], name = 'Staff directory') => {
    const integration = `integration-${randomUUID()}`;
    const data = { integration, version: 1, name, state: 'active' as const, contacts };
    await installation.publish(integrationConfigured, integration, data);
    return integration;
  };
  const fail = (integration: string, code = 'vendor-unavailable', id: string = randomUUID()) =>
    installation.publish(runFailed, integration, { run: buildFailedRun(id, code, { integration }) });
  const complete = (integration: string) =>
    installation.publish(runCompleted, integration, { run: buildRun({ id: randomUUID(), integration }) });
  /** Runs of one integration are taken in order: once the last is known, all before it are. */
  const settle = async (integration: string) => {
    const marker = new Date(Date.UTC(2100, 0, 1) + Math.floor(Math.random() * 1e9));
    await installation.publish(schedulePlanned, integration, { integration, plannedAt: marker.toISOString() });
    await until(async () => (await installation.watch(integration))?.expectedAt?.getTime() === marker.getTime());
  };
  const kinds = async (integration: string) => (await installation.notices(integration)).map(({ kind }) => kind);
  const sent = async (id: string) => (await installation.mail(id))?.state === 'sent';

  it('tells an operator at the address that they have now, and nobody who is disabled', async () => {
    const [old, now] = [address(), address()];
    const { databases } = await installation.as('gateway');
    const contacts = databases.collection(operatorContacts);
    const operator = randomUUID();
    await contacts.insertOne({ _id: operator, name: 'Ada Newname', email: now, isActive: true });
    const integration = await configure([{ name: 'Ada Oldname', email: old, operator }]);
    await fail(integration);
    await settle(integration);
    const told = async () =>
      (await installation.notices(integration)).map(({ contact }) => [contact.name, contact.email]);
    expect(await told()).toEqual([['Ada Newname', now]]);
    await contacts.updateOne({ _id: operator }, { $set: { isActive: false } });
    await fail(integration, 'vendor-timeout');
    await settle(integration);
    expect(await told()).toEqual([
      ['Ada Newname', now],
      ['All operators', ''],
    ]);
  });

  it('watches an integration no longer once it was taken away, and keeps what was told of it', async () => {
    const integration = await configure([{ name: 'Ada Example', email: address() }]);
    await fail(integration);
    await until(async () => (await installation.notices(integration)).length === 1);
    const data = { integration, name: 'Staff directory', by: 'ada' };
    await installation.publish(integrationDeleted, integration, data);
    await until(async () => (await installation.watch(integration)) === null);
    expect(await kinds(integration)).toEqual(['run-failed']);
  });

  describe('when a run fails', () => {
    it('tells every contact in the app and by mail, with reason, integration and run', async () => {
      const [ada, bo] = [address(), address()];
      const integration = await configure([
        { name: 'Ada Example', email: ada },
        { name: 'Bo Example', email: bo },
      ]);
      await fail(integration, 'vendor-unavailable', 'run-4711');
      await until(() => installation.smtp.to(ada).length === 1 && installation.smtp.to(bo).length === 1);

      const [notice] = await until(async () => {
        const stored = await installation.notices(integration);
        return stored.length === 2 && stored.every(({ mail }) => mail === 'sent') ? stored : null;
      }).then((stored) => stored!.filter(({ contact }) => contact.email === ada));
      expect(notice).toMatchObject({ kind: 'run-failed', run: 'run-4711', readAt: null, mail: 'sent' });

      const [mail] = installation.smtp.to(ada);
      expect(mail!.to).toEqual([ada]);
      expect(mail!.from).toBe('rollcall@example.org');
      expect(mail!.parsed).toMatchObject({
        messageId: `<${notice!._id}@rollcall>`,
        subject: '[Rollcall] Staff directory: a run failed',
        to: [{ name: 'Ada Example', address: ada }],
        from: { name: 'Rollcall', address: 'rollcall@example.org' },
      });
      for (const part of ['What happened:', 'vendor-unavailable', 'What to do:', 'Staff directory', 'run-4711']) {
        expect(mail!.parsed.text).toContain(part);
      }
    });

    it('publishes one event per notice', async () => {
      const { kafka } = await installation.as('sync-runner');
      const count = async () =>
        [...(await partitionBounds(kafka, noticesTopic))].reduce((sum, [, { high }]) => sum + high, 0);
      const before = await count();
      const integration = await configure([{ name: 'Ada', email: address() }]);
      await fail(integration);
      await until(async () => (await count()) === before + 1);
    });

    it('says it once for one incident, anew for another reason, and once more when it recovers (I9)', async () => {
      const ada = address();
      const integration = await configure([{ name: 'Ada', email: ada }]);
      await fail(integration);
      await fail(integration);
      await fail(integration, 'vendor-auth-rejected');
      await complete(integration);
      await complete(integration);
      await settle(integration);
      expect(await kinds(integration)).toEqual(['run-failed', 'run-failed', 'run-recovered']);
      await until(() => installation.smtp.to(ada).length === 3);
    });

    it('shows it to all operators where nobody is named, without a mail', async () => {
      const integration = await configure([]);
      await fail(integration);
      const [notice] = await until(async () => {
        const stored = await installation.notices(integration);
        return stored.length > 0 && stored;
      }).then((stored) => stored || []);
      expect(notice).toMatchObject({ contact: { name: 'All operators', email: '' }, mail: 'none' });
      expect(await installation.mail(notice!._id)).toBeNull();
    });

    it('tells of a hold with its amount', async () => {
      const ada = address();
      const integration = await configure([{ name: 'Ada', email: ada }]);
      const verdict = {
        decision: 'hold' as const,
        reasons: [{ code: 'too-many', message: 'More accounts are missing than the limit allows.' }],
        activeAtStart: 240,
        staged: 60,
        approved: 0,
        samples: [],
        returned: null,
        refuted: [],
        planHash: null,
        decidedAt: '2026-11-20T02:40:00.000Z',
      };
      const run = buildFailedRun(randomUUID(), 'too-many', { integration, state: 'held', verdict });
      await installation.publish(runHeld, integration, { run });
      const [mail] = await until(() => installation.smtp.to(ada).length > 0 && installation.smtp.to(ada)).then(
        (m) => m || [],
      );
      expect(mail!.parsed.text).toContain('60 of 240 active accounts (25 %)');
    });
  });

  describe('when events come again or are broken', () => {
    it('takes an event once however often it is delivered', async () => {
      const integration = await configure([{ name: 'Ada', email: address() }]);
      const bytes = await fail(integration);
      await complete(integration);
      await installation.publishBytes(integration, bytes);
      await installation.publishBytes(integration, bytes);
      await settle(integration);
      expect(await kinds(integration)).toEqual(['run-failed', 'run-recovered']);
      expect((await installation.watch(integration))?.incident).toBeNull();
    });

    it('says nothing twice after a crash and the delivery of everything before it', async () => {
      const ada = address();
      const integration = await configure([{ name: 'Ada', email: ada }]);
      await fail(integration);
      await complete(integration);
      await until(() => installation.smtp.to(ada).length === 2);
      await installation.restartWithRedelivery();
      await settle(integration);
      expect(await kinds(integration)).toEqual(['run-failed', 'run-recovered']);
      expect(installation.smtp.to(ada)).toHaveLength(2);
    });

    it('parks poison messages and goes on behind them', async () => {
      const { kafka } = await installation.as('sync-runner');
      const parked = async () =>
        [...(await partitionBounds(kafka, deadLettersTopic))].reduce((sum, [, { high }]) => sum + high, 0);
      const before = await parked();
      const integration = await configure([{ name: 'Ada', email: address() }]);
      await installation.publishBytes(integration, 'no JSON at all');
      const bytes = await fail(integration);
      const broken = { ...(JSON.parse(bytes) as object), id: randomUUID(), data: { run: { id: 1 } } };
      await installation.publishBytes(integration, JSON.stringify(broken));
      await fail(integration, 'vendor-forbidden');
      await settle(integration);
      expect(await kinds(integration)).toEqual(['run-failed', 'run-failed']);
      expect(await parked()).toBe(before + 2);
    });
  });

  describe('when nothing happens', () => {
    it('tells after 24 hours of a run that has not completed, exactly once, also over a restart (R52)', async () => {
      const ada = address();
      const integration = await configure([{ name: 'Ada', email: ada }]);
      const run = buildRun({ id: randomUUID(), integration, startedAt: installation.clock.now().toISOString() });
      await installation.publish(runStarted, integration, { run });
      await until(async () => (await installation.watch(integration))?.openRun);
      installation.clock.advance(24 * hour - 60_000);
      await settle(integration);
      expect(await kinds(integration)).toEqual([]);
      installation.clock.advance(2 * 60_000);
      await until(() => installation.smtp.to(ada).length === 1);
      await installation.restartWithRedelivery();
      installation.clock.advance(hour);
      const later = await configure([{ name: 'Ada', email: ada }]);
      await installation.publish(runStarted, later, {
        run: { ...run, id: randomUUID(), integration: later, startedAt: '2026-11-01T00:00:00.000Z' },
      });
      // The later one being told of shows that the watches were judged again since.
      await until(() => installation.smtp.to(ada).length === 2);
      expect(await kinds(integration)).toEqual(['run-overdue']);
      await installation.publish(runCompleted, integration, { run });
      await until(async () => (await kinds(integration)).length === 2);
      expect(await kinds(integration)).toEqual(['run-overdue', 'run-recovered']);
    });

    it('tells of a slot that nobody took when the grace is over (R53)', async () => {
      const ada = address();
      const integration = await configure([{ name: 'Ada', email: ada }]);
      const plannedAt = new Date(installation.clock.now().getTime() + 60_000).toISOString();
      await installation.publish(schedulePlanned, integration, { integration, plannedAt });
      await until(async () => (await installation.watch(integration))?.expectedAt);
      installation.clock.advance(6 * 60_000);
      const [mail] = await until(() => installation.smtp.to(ada).length > 0 && installation.smtp.to(ada)).then(
        (m) => m || [],
      );
      expect(mail!.parsed.subject).toBe('[Rollcall] Staff directory: the scheduled run did not start');
      expect(mail!.parsed.text).toContain(plannedAt.slice(0, 16).replace('T', ' '));
    });

    it('does not take its own stop for a run that did not start', async () => {
      const integration = await configure([{ name: 'Ada', email: address() }]);
      const plannedAt = new Date(installation.clock.now().getTime() + 60_000).toISOString();
      await installation.publish(schedulePlanned, integration, { integration, plannedAt });
      await until(async () => (await installation.watch(integration))?.expectedAt);
      await installation.stop();
      // Enough to read that the clock is looked at before the run of the slot is found at the end.
      const manual = () => ({ run: buildRun({ id: randomUUID(), integration, kind: 'manual' }) });
      await Promise.all(Array.from({ length: 400 }, () => installation.publish(runCompleted, integration, manual())));
      const run = buildRun({ id: randomUUID(), integration, plannedAt, state: 'planned' });
      await installation.publish(runPlanned, integration, { run });
      installation.clock.advance(2 * hour);
      await installation.start();
      // A busy machine reads them for longer than anything else here takes.
      await until(async () => (await installation.watch(integration))?.expectedAt === null, 90_000);
      await settle(integration);
      expect(await kinds(integration)).toEqual([]);
    }, 120_000);
  });

  describe('when the mail server makes trouble (P47)', () => {
    const failOnce = async (email = address(), name = 'Ada') => {
      const integration = await configure([{ name, email }]);
      await fail(integration);
      const stored = await until(async () => (await installation.notices(integration))[0]);
      return { id: stored!._id, integration, email };
    };

    it('tries again after a temporary refusal, when its time has come', async () => {
      installation.smtp.answers.push({ code: 451, text: 'greylisted, come back' });
      const { id, email } = await failOnce();
      const postponed = await until(async () => {
        const mail = await installation.mail(id);
        return mail?.lastError ? mail : null;
      });
      expect(postponed).toMatchObject({
        state: 'queued',
        attempts: 1,
        lastError: expect.stringContaining('greylisted'),
      });
      expect(postponed!.notBefore.getTime()).toBe(installation.clock.now().getTime() + 60_000);
      installation.clock.advance(61_000);
      await until(() => sent(id));
      expect(installation.smtp.to(email)).toHaveLength(1);
    });

    it('gives up at once after a final refusal, and the notice says so', async () => {
      installation.smtp.answers.push({ code: 550, text: 'no such mailbox' });
      const { id, integration, email } = await failOnce();
      await until(async () => (await installation.mail(id))?.state === 'failed');
      expect((await installation.notices(integration))[0]).toMatchObject({ mail: 'failed' });
      expect(installation.smtp.to(email)).toHaveLength(0);
    });

    it('gives up after ten tries', async () => {
      installation.smtp.answers.push({ code: 451, text: 'later' });
      const { id } = await failOnce();
      const tried = (attempts: number) =>
        until(async () => {
          const mail = await installation.mail(id);
          return mail?.attempts === attempts && mail.lease === null;
        });
      await tried(1);
      const { databases } = await installation.as('sync-runner');
      await databases.collection(outgoingMail).updateOne({ _id: id }, { $set: { attempts: 8 } });
      for (const attempts of [9, 10]) {
        installation.smtp.answers.push({ code: 451, text: 'later' });
        installation.clock.advance(3 * hour);
        await tried(attempts);
        expect((await installation.mail(id))?.state).toBe(attempts === 10 ? 'failed' : 'queued');
      }
    });

    it('waits while the server is away', async () => {
      await installation.stop();
      await installation.start({ SMTP_URL: 'smtp://127.0.0.1:1' });
      const { id, email } = await failOnce();
      await until(async () => (await installation.mail(id))?.lastError);
      await installation.stop();
      await installation.start();
      installation.clock.advance(hour);
      await until(() => sent(id));
      expect(installation.smtp.to(email)).toHaveLength(1);
    });

    it('repeats a mail of which a crash left no trace under the same Message-ID', async () => {
      const { id, email } = await failOnce();
      await until(() => sent(id));
      const { databases } = await installation.as('sync-runner');
      const lease = { holder: 'crashed', until: new Date(Date.now() - 1) };
      await databases.collection(outgoingMail).updateOne({ _id: id }, { $set: { state: 'queued', lease } });
      await until(() => installation.smtp.to(email).length === 2);
      const ids = installation.smtp.to(email).map(({ parsed }) => parsed.messageId);
      expect(ids).toEqual([`<${id}@rollcall>`, `<${id}@rollcall>`]);
      expect(new Set(installation.smtp.to(email).map(({ parsed }) => parsed.date)).size).toBe(1);
    });

    it('lets no name add a header or a recipient (P39)', async () => {
      const email = address();
      const integration = await configure(
        [{ name: 'Ada\r\nBcc: eve@example.org', email }],
        'Staff\r\nX-Evil: yes\r\n\r\nbody',
      );
      await fail(integration);
      const [mail] = await until(() => installation.smtp.to(email).length > 0 && installation.smtp.to(email)).then(
        (m) => m || [],
      );
      expect(mail!.to).toEqual([email]);
      const names = mail!.parsed.headers.map(({ key }) => key);
      expect(names).not.toContain('bcc');
      expect(names).not.toContain('x-evil');
      expect(mail!.parsed.to).toEqual([{ name: 'Ada Bcc: eve@example.org', address: email }]);
    });

    it('sends nothing to an address that mail programs read in different ways (P39)', async () => {
      const { databases } = await installation.as('sync-runner');
      const { id } = await failOnce();
      await until(() => sent(id));
      const before = installation.smtp.mails.length;
      const to = { name: 'Eve', email: '"a@evil.example x"@example.com' };
      await databases.collection(outgoingMail).updateOne({ _id: id }, { $set: { state: 'queued', to } });
      await until(async () => (await installation.mail(id))?.state === 'failed');
      expect((await installation.mail(id))?.lastError).toMatch(/address of the contact.*correct it/);
      expect(installation.smtp.mails).toHaveLength(before);
    });
  });

  describe('a notice', () => {
    const read = async (id: string) => {
      const { commandSender } = await installation.as('gateway');
      const message = {
        aggregate: id,
        actor: 'operator-1',
        correlationId: randomUUID(),
        idempotencyKey: randomUUID(),
        input: { id },
      };
      return (await commandSender.send(markNoticeRead, message, 20_000)).outcome;
    };

    it('is marked as read once, by the first who reads it', async () => {
      const integration = await configure([]);
      await fail(integration);
      const notice = await until(async () => (await installation.notices(integration))[0]);
      const first = await read(notice!._id);
      expect(first).toMatchObject({ status: 'done', result: { notice: { id: notice!._id } } });
      const { readAt } = (await installation.notices(integration))[0]!;
      installation.clock.advance(hour);
      await read(notice!._id);
      expect((await installation.notices(integration))[0]!.readAt).toBe(readAt);
      expect(readAt).not.toBeNull();
    });

    it('that does not exist is refused with what to do', async () => {
      expect(await read('nothing')).toMatchObject({ status: 'refused', error: { code: 'notice-not-found' } });
    });
  });
});
