import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ChainWriter, contentOfUse, useChains, useLog, useLogDigest, type UseLogDocument } from '@rollcall/collections';
import type { Page, SecretUse, UseLogVerification } from '@rollcall/contracts';
import { DigestKey } from '@rollcall/secrets';

import { GatewayUnderTest } from './gateway-under-test.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  const key = await DigestKey.load(gateway.environment.variables()['ROLLCALL_KEYS_DIR']!);
  // As the vault writes it.
  const chain = new ChainWriter<Omit<UseLogDocument, 'link'>>({
    digest: useLogDigest((...parts) => key.digest(...parts)),
    contentOf: contentOfUse,
    append: async (entries) => {
      await stored().insertMany(entries.map(({ entry, link }) => ({ ...entry, link })));
    },
    storeHead: async (head) => {
      await gateway.environment.databases.collection(useChains).insertOne(head);
    },
  });
  for (let day = 1; day <= 5; day += 1) await chain.write(useOf(day));
  await chain.noteHead();
}, 90_000);
afterAll(async () => gateway?.stop(), 60_000);

const stored = () => gateway.environment.databases.collection(useLog);
const useOf = (day: number): Omit<UseLogDocument, 'link'> => ({
  _id: `use-${day}`,
  at: new Date(`2026-10-0${day}T03:00:00.000Z`),
  credential: day === 4 ? 'other' : 'directory',
  secretVersion: 1,
  sender: day === 5 ? 'workflow' : 'sync-runner',
  purpose: day === 5 ? { kind: 'intent', reference: 'intent-5' } : { kind: 'run', reference: `run-${day}` },
  host: 'api.example.com',
  values: [{ field: 'key', digest: day < 3 ? 'of-the-old-key' : 'of-the-new-key' }],
});

const uses = async (query: Record<string, string | number> = {}) =>
  (await gateway.as('get', '/credential-uses').query(query).expect(200)).body as Page<SecretUse>;
const idsOf = async (filter: string) => (await uses({ filter })).items.map(({ id }) => id);
const verify = async () =>
  (await gateway.as('get', '/credential-uses/verification').expect(200)).body as UseLogVerification;

describe('the record of uses of secrets', () => {
  it('tells who used which secret for what, newest first and page by page', async () => {
    const first = await uses({ limit: 3 });
    expect(first.items.map(({ id }) => id)).toEqual(['use-5', 'use-4', 'use-3']);
    expect(first.items[0]).toEqual({
      id: 'use-5',
      at: '2026-10-05T03:00:00.000Z',
      credential: 'directory',
      credentialName: null,
      secretVersion: 1,
      sender: 'workflow',
      purpose: { kind: 'intent', reference: 'intent-5' },
      host: 'api.example.com',
      values: [{ field: 'key', digest: 'of-the-new-key' }],
    });
    const second = await uses({ limit: 3, cursor: first.page.next! });
    expect(second).toMatchObject({ items: [{ id: 'use-2' }, { id: 'use-1' }], page: { next: null } });
  });

  it.each([
    ['credential eq "other"', ['use-4']],
    ['purpose eq "intent"', ['use-5']],
    ['sender eq "workflow"', ['use-5']],
    ['reference eq "run-2"', ['use-2']],
    ['digest eq "of-the-old-key"', ['use-2', 'use-1']],
    ['at ge "2026-10-02T00:00:00Z" and at lt "2026-10-04T00:00:00Z"', ['use-3', 'use-2']],
  ])('can be filtered: %s', async (filter, ids) => {
    expect(await idsOf(filter)).toEqual(ids);
  });

  it('is exported as JSON lines, and shown to administrators alone', async () => {
    const { text, headers } = await gateway.as('get', '/credential-uses/export').buffer(true).expect(200);
    expect(headers['content-type']).toContain('application/x-ndjson');
    const lines = text.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as SecretUse).id)).toEqual((await uses()).items.map(({ id }) => id));
    const other = await gateway.keyWith('read', 'write', 'credentials', 'approve');
    for (const path of ['', '/export', '/verification']) {
      await gateway.as('get', `/credential-uses${path}`, other).expect(403);
    }
  });

  it('names an entry that somebody changed, and one that somebody dropped', async () => {
    expect(await verify()).toEqual({ entries: 5, unchained: 0, broken: 0, faults: [] });
    const before = (await stored().findOne({ _id: 'use-2' }))!;
    await stored().updateOne({ _id: 'use-2' }, { $set: { 'values.0.digest': 'of-the-new-key' } });
    expect(await verify()).toMatchObject({ broken: 1, faults: [{ entry: 'use-2', reason: 'it was changed' }] });
    await stored().deleteOne({ _id: 'use-2' });
    expect((await verify()).faults).toEqual([{ entry: 'use-3', reason: 'entry 2 of its chain is missing' }]);
    await stored().insertOne(before);
    expect(await verify()).toMatchObject({ broken: 0 });
  });
});
