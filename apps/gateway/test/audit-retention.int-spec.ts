import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { auditChains, type AuditDocument, auditEvents, type ErasureSubject } from '@rollcall/collections';
import type { AuditVerification } from '@rollcall/contracts';
import {
  INFRASTRUCTURE,
  type Infrastructure,
  PERSONAL_TRACES,
  type PersonalTraces,
  RetentionService,
} from '@rollcall/service';

import { AuditTrail } from '../src/audit/audit.service.js';
import type { GatewayConfig } from '../src/config.js';
import { AuditRetention } from '../src/retention/audit-retention.js';
import { GatewayUnderTest } from './gateway-under-test.js';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ RETENTION_AUDIT_DAYS: '30' });
  for (let times = 0; times < 8; times += 1) {
    const invite = { email: `canary${times}@example.com`, name: `Canary ${times}`, grants: [] };
    await gateway
      .as('post', '/operators')
      .send({ ...invite, grants: [{ role: 'viewer', limit: null }] })
      .expect(201);
  }
  await gateway.app.get(AuditTrail).noteHead();
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

const verify = async () =>
  (await gateway.as('get', '/audit-events/verification').expect(200)).body as AuditVerification;
const stored = () => gateway.environment.databases.collection(auditEvents);
const subject: ErasureSubject = {
  people: ['person-1'],
  accounts: [{ from: 'acme:a@b.example', to: 'acme:erased-1', integration: 'acme', vendorId: 'a@b.example' }],
  names: ['canary3@example.com', 'Canary 3'],
  values: [],
};

describe('the audit that loses entries', () => {
  it('holds after a person was taken out of it, and only by a seal of this installation', async () => {
    const { entries } = await verify();
    const path = `accounts/${encodeURIComponent('acme:a@b.example')}/hold`;
    await gateway.as('put', `/${path}`).send({ hold: true, active: false, reason: 'leave' });
    const traces = gateway.app.get<PersonalTraces>(PERSONAL_TRACES, { strict: false });
    await traces.erase(subject);
    const texts = (await stored().find().toArray()).map((entry) => JSON.stringify(entry));
    expect(texts.filter((text) => /canary ?3|a@b|a%40b/i.test(text))).toEqual([]);
    expect(texts.filter((text) => text.includes('canary4'))).toHaveLength(1);
    expect(await stored().countDocuments({ object: `accounts/${encodeURIComponent('acme:erased-1')}/hold` })).toBe(1);
    expect(await verify()).toMatchObject({ broken: 0 });
    expect((await verify()).entries).toBeGreaterThan(entries);

    const { _id, object } = (await stored().findOne({ redacted: { $exists: true } }))!;
    await stored().updateOne({ _id }, { $set: { object: 'operators/other' } });
    expect((await verify()).faults.map(({ entry }) => entry)).toContain(_id);
    await stored().updateOne({ _id }, { $set: { object } });
  });

  it('holds after its oldest entries were deleted, and names one that somebody else dropped', async () => {
    const { databases } = gateway.environment;
    const infrastructure = gateway.app.get<Infrastructure>(INFRASTRUCTURE, { strict: false });
    const { deleteBefore } = new AuditRetention(databases, infrastructure, {
      RETENTION_AUDIT_DAYS: 30,
    } as GatewayConfig).rules[0]!;
    const future = new Date(databases.timeMs() + 365 * 24 * 60 * 60_000);
    expect(await deleteBefore(new Date(0), 3)).toBe(0);
    expect(await deleteBefore(future, 3)).toBe(3);
    expect(await verify()).toMatchObject({ broken: 0 });
    expect(await deleteBefore(future, 2)).toBe(2);
    expect(await verify()).toMatchObject({ broken: 0 });
    const [first] = await databases.collection(auditChains).find().toArray();
    expect(first!.gaps).toMatchObject([{ from: 1, previous: null }]);
    const [oldest] = await stored().find().sort({ at: 1 }).limit(1).toArray();
    await stored().deleteOne({ _id: oldest!._id });
    expect((await verify()).broken).toBeGreaterThan(0);
  });

  it('is deleted by the clock, as old as the setting says', async () => {
    const { databases } = gateway.environment;
    const days = (count: number) => new Date(databases.timeMs() - count * 24 * 60 * 60_000);
    const entry = (_id: string, at: Date) => ({ _id, at, object: 'x', operation: 'y' }) as AuditDocument;
    await stored().insertMany([entry('older', days(31)), entry('younger', days(29))]);
    const retention = gateway.app.get(RetentionService, { strict: false });
    expect(await retention.step()).toBe(true);
    expect(await retention.step()).toBe(false);
    expect(await stored().distinct('_id', { _id: { $in: ['older', 'younger'] } })).toEqual(['younger']);
  });
});
