import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type InputOf, linkAccount, mergePeople } from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';

jest.setTimeout(60_000);

const named = (id: string, email: string) => buildUser(id, { username: id, raw: { email, name: null, vendorId: id } });

describe('a mailbox that is no longer one person’s alone', () => {
  let fixture: MappingFixture;
  let gateway: CommandSender;
  let partition = 0;
  let count = 0;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.startMapping();
    gateway = await fixture.sender('gateway');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  const integrations = async (...ids: string[]): Promise<RawRecordsDriver[]> => {
    const drivers: RawRecordsDriver[] = [];
    for (const [priority, id] of ids.entries()) {
      drivers.push(await fixture.integration(id, { priority, partition: (partition += 1) }));
    }
    return drivers;
  };
  async function run(driver: RawRecordsDriver, ...users: [id: string, email: string][]) {
    const name = `${driver.integration}-${(count += 1)}`;
    await driver.read(
      name,
      users.map(([id, email]) => named(id, email)),
    );
    return driver.report(name, 'mapped');
  }
  const accountOf = async (id: string) => (await fixture.accounts()).find(({ _id }) => _id === id)!;
  const personOf = async (id: string) => (await accountOf(id)).person!;
  async function link(account: string, person: string | null) {
    const input: InputOf<typeof linkAccount> = { account, person };
    const name = `link-${(count += 1)}`;
    const { outcome } = await gateway.send(linkAccount, {
      ...{ aggregate: account, actor: 'ann', correlationId: name, idempotencyKey: name, input },
    });
    expect(outcome).toMatchObject({ status: 'done' });
  }

  it('joins nobody after somebody gave the second account to another person', async () => {
    const [desk, mail, crm] = await integrations('given-1', 'given-2', 'given-3');
    await run(desk!, ['a', 'office@given.example']);
    await run(desk!, ['a', 'office@given.example'], ['b', 'office@given.example']);
    await link('given-1:b', null);
    const candidates = [await personOf('given-1:a'), await personOf('given-1:b')].sort();
    expect(candidates[0]).not.toBe(candidates[1]);
    const report = await run(mail!, ['m', 'office@given.example']);
    expect(report.problems).toMatchObject([{ code: 'shared-key', samples: ['m'] }]);
    const waiting = await accountOf('given-2:m');
    expect(waiting).toMatchObject({ person: null, error: { code: 'shared-key' } });
    expect([...waiting.error!.candidates!].sort()).toEqual(candidates);

    await run(desk!, ['a', 'office@given.example'], ['b', 'bo@given.example']);
    await run(crm!, ['c', 'office@given.example']);
    expect(await personOf('given-3:c')).toBe(await personOf('given-1:a'));
  });

  it('joins nobody where another source is believed about the other person, whoever came first', async () => {
    const [staff, desk, mail] = await integrations('believed-1', 'believed-2', 'believed-3');
    await run(staff!, ['s', 'sue@believed.example']);
    await run(desk!, ['d', 'sue@believed.example']);
    await run(desk!, ['d', 'front@believed.example']);
    expect((await accountOf('believed-2:d')).otherKeys).toEqual(['email:front@believed.example']);
    await run(mail!, ['m', 'front@believed.example']);
    await run(desk!, ['d', 'front@believed.example'], ['e', 'front@believed.example']);
    expect(await accountOf('believed-2:e')).toMatchObject({ person: null, error: { code: 'shared-key' } });
  });

  it('is so whoever the people became, and notes what a believed source takes away', async () => {
    const [desk, mail, staff] = await integrations('merged-1', 'merged-2', 'merged-3');
    await run(desk!, ['a', 'hall@merged.example'], ['b', 'bea@merged.example']);
    await run(desk!, ['a', 'hall@merged.example'], ['b', 'hall@merged.example']);
    await run(staff!, ['c', 'cy@merged.example']);
    const [keep, merged] = [await personOf('merged-3:c'), await personOf('merged-1:a')];
    const { outcome } = await gateway.send(mergePeople, {
      ...{ aggregate: keep, actor: 'ann', correlationId: 'merge', idempotencyKey: 'merge', input: { keep, merged } },
    });
    expect(outcome).toMatchObject({ status: 'done' });
    expect(await accountOf('merged-1:b')).toMatchObject({ otherKeys: ['email:hall@merged.example'] });
    await run(mail!, ['m', 'hall@merged.example']);
    expect(await accountOf('merged-2:m')).toMatchObject({ person: null, error: { code: 'shared-key' } });
  });
});
