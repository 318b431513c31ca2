import { describe, expect, it } from '@jest/globals';
import {
  type ConnectorContext,
  CountingBudget,
  createVendorHttp,
  ManualPacing,
  readAllUsers,
  type ScriptedAnswer,
  ScriptedEgress,
  type VendorScript,
} from '@rollcall/connector-kit';

import { connector } from './index.js';
import { manifest } from './manifest.js';
import { longestAddress } from './query.js';

const id = '00000000-0000-4000-8000-000000000001';
const user = { id, accountEnabled: true, userPrincipalName: 'ada@example.com', country: 'Germany' };
const listed: ScriptedAnswer = { text: JSON.stringify({ value: [user] }) };

function bench(script: VendorScript, context: Partial<ConnectorContext> = {}) {
  const pacing = new ManualPacing();
  const egress = new ScriptedEgress(script, pacing);
  const lease = () => ({
    credential: 'c1',
    secretVersion: 1,
    tokenVersion: 1,
    connector: 'entra',
    type: 'oauth2-client-credentials' as const,
    baseUrl: 'https://graph.microsoft.com',
    fields: { accessToken: 'example-access-token-51c7' },
  });
  const http = createVendorHttp({ egress, pacing, budget: new CountingBudget(), manifest, lease });
  return { egress, context: { http, load: 'users', inputs: {}, ...context } };
}

async function failureOf(script: VendorScript, context: Partial<ConnectorContext>): Promise<unknown> {
  const { context: whole } = bench(script, context);
  try {
    for await (const page of readAllUsers(connector, whole)) expect(page.users).toEqual([]);
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure');
}

const selectOf = (url: string): string[] => new URL(url).searchParams.get('$select')?.split(',') ?? [];
const own = manifest.fields.map(({ path }) => path);
const refused = (status: number, message: string): ScriptedAnswer => ({
  status,
  text: JSON.stringify({ error: { code: 'BadRequest', message } }),
});

describe('properties that the mapping reads (R76)', () => {
  const properties = ['mail', 'country', '@odata.type', 'country', 'employeeOrgData'];

  it('are asked for by name, beside those of the connector, in the listing and of single users', async () => {
    const { egress, context } = bench(({ url }) => (url.includes(id) ? { text: JSON.stringify(user) } : listed), {
      properties,
    });
    for await (const { users } of readAllUsers(connector, context)) {
      expect(users[0]?.raw).toMatchObject({ country: 'Germany' });
    }
    await connector.getUser(context, { vendorId: id, username: null });
    for (const { url } of egress.requests) expect(selectOf(url)).toEqual([...own, 'country', 'employeeOrgData']);
    expect(egress.requests).toHaveLength(2);
  });

  it('make pages smaller where the vendor gives fewer users with them', async () => {
    const { egress, context } = bench(() => listed, { properties: ['signInActivity'] });
    for await (const page of readAllUsers(connector, context)) expect(page.last).toBe(true);
    expect(new URL(egress.requests[0]!.url).searchParams.get('$top')).toBe('500');
  });

  it.each([
    ['aboutMe', 'single users only'],
    ['Connect: Credentials', 'cannot be the name'],
  ])('are refused before anything is asked when no list can hold them: %s', async (name, words) => {
    const script = (): ScriptedAnswer => {
      throw new Error('nothing should be asked');
    };
    expect(await failureOf(script, { properties: [name] })).toMatchObject({
      code: 'vendor-refused',
      message: expect.stringMatching(new RegExp(`"${name}".*${words}`)) as unknown,
    });
  });

  it('are named when the vendor does not know one', async () => {
    const words =
      "Parsing OData Select and Expand failed: Could not find a property named 'badge' on type 'microsoft.graph.user'.";
    const error = await failureOf(() => refused(400, words), { properties: ['badge', 'country'] });
    expect(error).toMatchObject({
      code: 'vendor-refused',
      message: expect.stringContaining('The mapping reads "badge", which its users do not have') as unknown,
    });
  });

  it.each([403, 501])('are named when the vendor answers %d without a word about them', async (status) => {
    const error = await failureOf(() => refused(status, 'no'), { properties: ['signInActivity'] });
    expect(error).toMatchObject({
      message: expect.stringContaining('asked for what the mapping reads: signInActivity.') as unknown,
    });
    expect(await failureOf(() => refused(status, 'no'), {})).toMatchObject({
      message: expect.not.stringContaining('mapping') as unknown,
    });
  });
});

describe('the address of an advanced query, which has its longest', () => {
  const problems = (filter: string) => connector.inputProblems?.('users-with-filtering', { filter }) ?? [];
  const inList = (count: number): string =>
    `employeeType in (${Array.from({ length: count }, (_, index) => `'T${index}'`).join(',')})`;

  it('is counted as it travels before a filter is saved', () => {
    expect(problems(inList(16))).toEqual([]);
    expect(problems(inList(200))[0]).toMatch(
      /too long: with it an address has \d+ characters, and Microsoft takes 2048/,
    );
  });

  it('holds every filter that may be saved, in the listing and in the question about one user', async () => {
    const longest = Array.from({ length: 200 }, (_, index) => inList(index + 1))
      .filter((filter) => problems(filter).length === 0)
      .at(-1)!;
    const script: VendorScript = ({ url }) =>
      url.includes(`/users/${id}`)
        ? { text: JSON.stringify(user) }
        : url.includes('id+eq')
          ? { text: '{"value":[]}' }
          : listed;
    const { egress, context } = bench(script, { load: 'users-with-filtering', inputs: { filter: longest } });
    for await (const page of readAllUsers(connector, context)) expect(page.last).toBe(true);
    await connector.getUser(context, { vendorId: id, username: null }).catch(() => undefined);
    const lengths = egress.requests.map(({ url }) => url.length);
    expect(egress.requests.length).toBeGreaterThan(3);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(longestAddress);
    expect(Math.max(...lengths)).toBeGreaterThan(longestAddress - 40);
  });

  const many = Array.from({ length: 120 }, (_, index) => `extension_0a1b2c3d_badge${index}`);

  it('gives way to a plain query where only mapped properties make it too long', async () => {
    const { egress, context } = bench(() => listed, { properties: many });
    for await (const page of readAllUsers(connector, context)) expect(page.last).toBe(true);
    expect(
      egress.requests.map(({ url, headers }) => [url.includes('count=true'), headers['consistencylevel']]),
    ).toEqual([[false, undefined]]);
  });

  it('is not asked for where filter and mapped properties make it too long together', async () => {
    const filtering = { load: 'users-with-filtering', inputs: { filter: inList(3) }, properties: many };
    expect(await failureOf(() => listed, filtering)).toMatchObject({
      code: 'vendor-refused',
      message: expect.stringContaining('Filter and mapped properties together') as unknown,
    });
  });
});
