import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Contact, integrationConfigured, peoplePlanHeld, type PeoplePlanRecord } from '@rollcall/contracts';

import { buildPeoplePlan } from './build-people-plan.js';
import { Installation, until } from './installation.js';

jest.setTimeout(90_000);

describe('people whom the guard kept from becoming inactive', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.create();
    await installation.start();
  });
  afterAll(async () => {
    await installation.close();
  });

  const contact = (name: string): Contact => ({ name, email: `${name.toLowerCase()}-${randomUUID()}@example.com` });
  const configure = async (name: string, contacts: Contact[]) => {
    const integration = `integration-${randomUUID()}`;
    const data = { integration, version: 1, name, state: 'active' as const, contacts };
    await installation.publish(integrationConfigured, integration, data);
    await until(() => installation.watch(integration));
    return integration;
  };
  const hold = (plan: Partial<PeoplePlanRecord>) => {
    const id = randomUUID();
    const held = buildPeoplePlan({ id, incident: `people-held/${id}`, ...plan });
    return installation.publish(peoplePlanHeld, held.id, { plan: held });
  };

  it('are told of to the contacts of every integration concerned, in the app and by mail, each contact once', async () => {
    const [ada, bo] = [contact('Ada'), contact('Bo')];
    const directory = await configure('Staff directory', [ada]);
    const payroll = await configure('Payroll', [ada, bo]);
    await hold({ id: 'plan-4711', incident: 'people-held/plan-4711', integrations: [directory, payroll] });
    await until(() => installation.smtp.to(ada.email).length === 1 && installation.smtp.to(bo.email).length === 1);
    const [first] = await installation.notices(directory);
    expect(first).toMatchObject({ kind: 'people-held', run: null, contact: ada, mail: expect.anything() });
    expect(first!.text).toContain('Staff directory became authoritative.');
    expect(first!.text).toContain('40 of 60 active people inactive (66.7 %)');
    expect(first!.text).toContain('People plan: plan-4711');
    expect((await installation.notices(payroll)).map((notice) => notice.contact.email)).toEqual([bo.email]);
  });

  it('are one incident, however often they are held: nobody hears of it twice', async () => {
    const [ada, marker] = [contact('Ada'), contact('Marker')];
    const integration = await configure('Staff directory', [ada]);
    const other = await configure('Payroll', [marker]);
    const incident = `people-held/${randomUUID()}`;
    for (const id of ['one', 'two', 'three']) {
      await hold({ id: `${id}-${randomUUID()}`, incident, integrations: [integration] });
    }
    // Plans may lie in different partitions, so each partition gets one that is told of behind them.
    await Promise.all(Array.from({ length: 12 }, () => hold({ integrations: [other] })));
    await until(async () => (await installation.notices(other)).length === 12);
    expect(await installation.notices(integration)).toHaveLength(1);
  });

  it('are told of to all operators where nobody is named', async () => {
    const integration = `integration-${randomUUID()}`;
    await hold({ integrations: [integration] });
    const notice = await until(async () => (await installation.notices(integration))[0]);
    expect(notice).toMatchObject({ contact: { name: 'All operators' }, mail: 'none' });
  });
});
