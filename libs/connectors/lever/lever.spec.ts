import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';
import {
  conformanceCases,
  CountingBudget,
  createVendorHttp,
  isWorthRefetching,
  judgeAnswer,
  ManualPacing,
  readAllUsers,
  renderPreset,
  ScriptedEgress,
  type UserPage,
  type VendorScript,
} from '@rollcall/connector-kit';
import { type LeaseMaterial } from '@rollcall/contracts';

import { connector } from './index.js';
import { presets } from './presets.js';
import { readUser } from './users.js';

const fixture = readFileSync(new URL('./fixtures/three-users.json', import.meta.url), 'utf8');
const idOf = (index: number): string => `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
const indexOf = (id: string): number => parseInt(id.slice(-12), 16);
/** Looks percent-encoded already, as the vendor's cursors do. */
const cursorOf = (index: number): string => encodeURIComponent(JSON.stringify([1_700_000_000_000, idOf(index)]));

const lease: LeaseMaterial = {
  credential: 'c1',
  secretVersion: 1,
  tokenVersion: null,
  connector: 'lever',
  type: 'basic',
  baseUrl: 'https://api.lever.co/v1',
  fields: { username: 'example-api-key-51fe', password: 'example-any-password' },
};

/** The vendor with users idOf(0) …, as the facts describe its answers. */
function company(size: number): VendorScript {
  const user = (index: number) => ({
    id: idOf(index),
    username: `user${index}`,
    email: `user${index}@example.com`,
    accessRole: 'interviewer',
    deactivatedAt: index % 7 === 3 ? 1_717_974_114_923 : null,
  });
  return (request) => {
    const url = new URL(request.url);
    const single = /users\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1];
    if (single !== undefined) {
      const text = `{"code":"ResourceNotFound","message":"users ${single} was not found"}`;
      return indexOf(single) < size ? { text: JSON.stringify({ data: user(indexOf(single)) }) } : { status: 404, text };
    }
    const offset = url.searchParams.get('offset');
    const start = offset === null ? 0 : indexOf((JSON.parse(decodeURIComponent(offset)) as [number, string])[1]) + 1;
    const end = Math.min(start + Number(url.searchParams.get('limit')), size);
    const data = Array.from({ length: Math.max(0, end - start) }, (_, index) => user(start + index));
    const more = end < size ? { hasNext: true, next: cursorOf(end - 1) } : { hasNext: false };
    return { text: JSON.stringify({ data, ...more }) };
  };
}

function bench(script: VendorScript, material = lease) {
  const pacing = new ManualPacing();
  const egress = new ScriptedEgress(script, pacing);
  const budget = new CountingBudget();
  const http = createVendorHttp({ egress, budget, pacing, manifest: connector.manifest, lease: () => material });
  return { egress, context: { http, inputs: {}, load: 'users' } };
}

async function readPages(script: VendorScript): Promise<UserPage[]> {
  const pages: UserPage[] = [];
  for await (const page of readAllUsers(connector, bench(script).context)) pages.push(page);
  return pages;
}

const failureOf = (script: VendorScript) =>
  readPages(script).then(
    () => null,
    (error: unknown) => error,
  );

describe('conformance', () => {
  const cases = conformanceCases({
    connector,
    lease,
    company,
    pageSize: 100,
    authRejected: {
      status: 401,
      text: '{"code":"UnauthorizedError","message":"The request requires authentication."}',
    },
    present: { vendorId: idOf(2), username: 'user2@example.com' },
    missing: { vendorId: idOf(99), username: 'user2@example.com' },
  });
  for (const { title, run } of cases) it(title, run);
});

describe('requests', () => {
  it('pass the cursor on as it came, encoded once', async () => {
    const { context, egress } = bench(company(150));
    for await (const page of readAllUsers(connector, context)) expect(page.total).toBeNull();
    const urls = egress.requests.map(({ url }) => url);
    expect(urls[0]).toBe('https://api.lever.co/v1/users?limit=100&includeDeactivated=true');
    expect(new URL(urls[1]!).searchParams.get('offset')).toBe(cursorOf(99));
    expect(urls[1]).toContain('offset=%255B1700000000000%252C');
  });

  it('carry the key as user name and a single space as password (R6)', async () => {
    const spaced = { ...lease, fields: { ...lease.fields, password: ' ' } };
    const { context, egress } = bench(company(1), spaced);
    await connector.check(context);
    const pair = Buffer.from(egress.requests[0]!.headers['authorization']!.replace('Basic ', ''), 'base64').toString();
    expect(pair).toBe('example-api-key-51fe: ');
  });
});

describe('the manifest', () => {
  it('has the fields of R83, the e-mail among them', () => {
    const { fields, trackingLabels } = connector.manifest;
    expect([...fields.map(({ label }) => label), trackingLabels.syncTime].sort()).toEqual(
      ['Connector Sync Time', 'Created at Timestamp', 'Email', 'Id', 'Login name', 'Name', "User's role"].sort(),
    );
  });

  it('offers the limit that the vendor documents', () => {
    expect(connector.manifest.rateBudget).toEqual({ capacity: 20, perSecond: 10 });
  });
});

describe('users', () => {
  it('are read with status, role and administrator mark', async () => {
    const [page] = await readPages(() => ({
      text: fixture.replace('"createdAt": 1700000000000,', '"createdAt": 1700000000000, "deactivatedAt": null,'),
    }));
    const users = page?.users.map(({ raw: _, ...user }) => user);
    const role = (value: string) => ({ value, origin: 'vendor' });
    expect(users).toEqual([
      {
        id: '6b7c1e52-2f0a-4b7e-9d33-0c5a7f1e2a10',
        status: 'active',
        role: role('super admin'),
        lastActivityAt: null,
        administrator: true,
        username: 'ada.admin@example.com',
      },
      {
        id: '0f4d8a91-73c2-4c55-8e0b-5be3f6a9d7c4',
        status: 'inactive',
        role: role('interviewer'),
        lastActivityAt: null,
        administrator: false,
        username: 'bo.builder@example.com',
      },
      {
        id: 'c2a9b3d4-1111-4222-8333-944455566677',
        status: 'active',
        role: null,
        lastActivityAt: null,
        administrator: false,
        username: 'cy.custom',
      },
    ]);
  });

  it.each([undefined, 0, -1, '2024-01-01', '', true, 1.5, {}])(
    'never reads deactivatedAt = %j as active or inactive (V25)',
    (deactivatedAt) => {
      expect(readUser({ id: '1', deactivatedAt }).status).toBe('unknown');
    },
  );

  it.each([null, {}, { id: '' }, { id: 7 }, 'text'])('refuses %j, which has no id', (value) => {
    expect(() => readUser(value)).toThrow(expect.objectContaining({ code: 'vendor-record-unusable' }));
  });
});

describe('a listing', () => {
  it.each([
    ['goes on without saying where', '{"data":[],"hasNext":true}'],
    ['goes on at an empty cursor', '{"data":[],"hasNext":true,"next":""}'],
    ['does not say whether it goes on', '{"data":[],"next":"x"}'],
    ['says so in a text', '{"data":[],"hasNext":"false"}'],
    ['is no list', '{"data":{},"hasNext":false}'],
  ])('is no data when it %s', async (_, text) => {
    expect(await failureOf(() => ({ text }))).toMatchObject({ code: 'vendor-answer-unexpected' });
  });

  it('ends when the same cursor comes again (V13)', async () => {
    const script: VendorScript = (_, index) => ({
      text: JSON.stringify({ data: [{ id: idOf(index), deactivatedAt: null }], hasNext: true, next: 'same' }),
    });
    expect(await failureOf(script)).toMatchObject({ code: 'read-page-repeated' });
  });

  it('is read from its beginning when the vendor forgot its cursor', async () => {
    const healthy = company(250);
    const error = await failureOf((request, index) =>
      index === 1
        ? { status: 400, text: '{"code":"BadRequestError","message":"Invalid offset token."}' }
        : healthy(request, index),
    );
    expect(error).toMatchObject({ code: 'read-cursor-expired' });
    expect(isWorthRefetching(error)).toBe(true);
  });
});

describe('the preset Delete User (R116)', () => {
  const [preset] = presets;

  it('deactivates by the id in the field "Lever ID"', () => {
    const call = renderPreset(preset!, {}, { lever_id: idOf(1) });
    expect(call).toMatchObject({ method: 'POST', path: `/users/${idOf(1)}/deactivate`, json: null });
  });

  it('sends nothing for a record without that id (R119)', () => {
    expect(() => renderPreset(preset!, {}, { lever_id: null })).toThrow(
      expect.objectContaining({ code: 'template-value-missing' }),
    );
  });

  it.each([
    [200, '{"data":{"id":"x","deactivatedAt":1717974114923}}', 'done'],
    [200, '{"data":{"id":"x","deactivatedAt":null}}', 'unknown'],
    [200, '{}', 'unknown'],
    [200, '<html>Sign in</html>', 'unknown'],
    [404, '{"code":"ResourceNotFound","message":"users x was not found"}', 'already-gone'],
    [404, '{"code":"RouteNotFound","message":"no such path"}', 'refused'],
    [404, '<html>proxy</html>', 'unknown'],
    [403, '{"code":"ForbiddenError","message":"no"}', 'refused'],
    [500, '', 'unknown'],
    [504, '', 'unknown'],
  ])('judges %d %s as %s', (status, text, outcome) => {
    expect(judgeAnswer(preset!, { status, text }).outcome).toBe(outcome);
  });
});
