import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CredentialDocument,
  credentials,
  type NoticeDocument,
  notices,
  outgoingMail,
  type OutgoingMailDocument,
  type WatchDocument,
  watches,
} from '@rollcall/collections';
import { TestEnvironment } from '@rollcall/testing';

import type { NotifierConfig } from '../src/config.js';
import { NoticeRetention } from '../src/retention/notice-retention.js';

const dayMs = 24 * 60 * 60_000;
const old = '2026-01-01T00:00:00.000Z';
const recent = '2027-01-01T00:00:00.000Z';

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await TestEnvironment.create();
  await environment.databases.ensure('notifier');
}, 60_000);
afterAll(async () => environment?.remove());

describe('notices and mails of long ago', () => {
  it('are deleted, beside mails that wait and notices of an incident that goes on', async () => {
    const { databases } = environment;
    const notice = (_id: string, createdAt: string, incident = _id, mail: NoticeDocument['mail'] = 'sent') =>
      ({ _id, incident, mail, createdAt, contact: { name: 'C', email: `${_id}@example.com` } }) as NoticeDocument;
    const mail = (_id: string, createdAt: string, state: OutgoingMailDocument['state']) =>
      ({ _id, state, createdAt: new Date(createdAt) }) as OutgoingMailDocument;
    await databases
      .collection(notices)
      .insertMany([
        notice('old', old),
        notice('open', old, 'incident-1'),
        notice('expired', old, `credential-ends/c/1/${old}/0`),
        notice('queued', old, 'queued', 'queued'),
        notice('recent', recent),
      ]);
    await databases
      .collection(outgoingMail)
      .insertMany([
        mail('old', old, 'sent'),
        mail('given-up', old, 'failed'),
        mail('queued', old, 'queued'),
        mail('recent', recent, 'sent'),
      ]);
    const watch = { _id: 'acme', incident: { id: 'incident-1', kind: 'run-failed' } } as WatchDocument;
    await databases.collection(watches).insertOne(watch);

    const credential = { _id: 'c', secretVersion: 1, expiresAt: old } as CredentialDocument;
    await databases.collection(credentials).insertOne(credential);

    const config = { RETENTION_MAILS_DAYS: 30, RETENTION_NOTICES_DAYS: 100 } as NotifierConfig;
    const [mails, told] = new NoticeRetention(databases, config).rules;
    const before = new Date(Date.parse(old) + dayMs);
    expect(await mails!.deleteBefore(before, 10)).toBe(2);
    expect(await told!.deleteBefore(before, 10)).toBe(1);
    expect((await databases.collection(outgoingMail).distinct('_id')).sort()).toEqual(['queued', 'recent']);
    expect((await databases.collection(notices).distinct('_id')).sort()).toEqual([
      'expired',
      'open',
      'queued',
      'recent',
    ]);
  });
});
