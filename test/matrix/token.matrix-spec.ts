import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectors } from '@rollcall/connectors';
import { type Simulator, startSimulator } from '@rollcall/vendor-simulator';

import { TokenEndpoint } from '../../apps/credential-vault/src/tokens/token-endpoint.js';
import { type TokenCall, tokenCall } from '../../apps/credential-vault/src/tokens/token-request.js';
import { type PageRow, pageRows } from './listing-rows.js';

let simulator: Simulator;
let endpoint: TokenEndpoint;

beforeAll(async () => {
  simulator = await startSimulator({ seed: 'matrix', company: 'load:1' });
  endpoint = new TokenEndpoint({ ALLOW_LOOPBACK: true } as never);
});
afterAll(async () => {
  await endpoint.onApplicationShutdown();
  await simulator.stop();
});

const vendors = [
  { id: 'entra', path: (fields: Record<string, string>) => `/${fields['tenantId']}/oauth2/v2.0/token` },
  { id: 'ironclad-clickwrap', path: () => '/oauth/token' },
] as const;
type TokenVendor = (typeof vendors)[number];

/** The call as the vault makes it, at the simulator's address. */
function callOf({ id, path }: TokenVendor): TokenCall {
  const fields = { ...simulator.credentials[id], scopes: 'https://graph.microsoft.com/.default' };
  const scheme = connectors[id]!.manifest.authSchemes.find(({ type }) => type === 'oauth2-client-credentials')!;
  return tokenCall(scheme.token!, fields, `${simulator.urls[id]}${path(fields)}`);
}

const asked = ({ id }: TokenVendor): number =>
  simulator.control
    .ledger()
    .filter((entry) => entry.kind === 'request' && entry.vendor === id && entry.operation === 'token').length;

/** One request with a fault, and what the vault makes of the answer. */
async function askWith(vendor: TokenVendor, fault: Parameters<typeof simulator.control.addFaults>[0][number]['fault']) {
  simulator.control.clearFaults();
  simulator.control.addFaults([{ vendor: vendor.id, match: { operation: 'token' }, fault }]);
  const before = asked(vendor);
  const answer = await endpoint.ask(callOf(vendor), []);
  // One question, one request: repetitions are decided where all replicas see them (V20).
  expect(asked(vendor)).toBe(before + 1);
  const secrets = [simulator.credentials[vendor.id].clientSecret, simulator.credentials[vendor.id].clientId];
  if (answer.kind !== 'token') for (const secret of secrets) expect(answer.words).not.toContain(secret);
  return answer;
}

type Applying = PageRow & { readonly fault: Exclude<PageRow['fault'], { way: unknown }> };
const isFault = (row: PageRow): row is Applying => !('way' in row.fault) && row.fault.kind !== 'hang';
/** Rows of one kind of fault are met once each: how often it stays does not matter to a single question. */
const rows = pageRows.filter(isFault).filter(({ what }) => !what.endsWith('for ever') || what === '429 for ever');

/** `refused`: a person must look, because it will be the same next time. */
function expectedKind({ row, what, expected, fault }: Applying): 'token' | 'refused' | 'unavailable' {
  if (row === 'V21' || row === 'V3' || what === 'a refused credential') return 'refused';
  // A web page instead of a token is what a wrong tenant or address gets.
  if (fault.kind === 'html') return 'refused';
  if (fault.kind === 'body') return fault.body.includes('"error"') ? 'refused' : 'unavailable';
  if (fault.kind === 'inflate' || what === 'bytes that are no UTF-8') return 'refused';
  const isHealthy = expected.outcome === 'complete' && fault.kind === 'encoding';
  return isHealthy ? 'token' : 'unavailable';
}

describe.each(vendors)('the token call of $id', (vendor) => {
  it.each(rows)('$row: $what', async (row) => {
    expect((await askWith(vendor, row.fault)).kind).toBe(expectedKind(row));
    simulator.control.clearFaults();
    expect((await endpoint.ask(callOf(vendor), [])).kind).toBe('token');
  });

  it.each([
    ['0', 300],
    ['-1', 300],
    ['"3599"', 3599],
    ['null', 300],
    ['"soon"', 300],
    ['315360000', 300],
    ['1e400', 300],
    ['[]', 300],
  ])('V20: a life of %s is taken for %d seconds', async (life, seconds) => {
    const answer = await askWith(vendor, {
      kind: 'rewrite',
      pattern: '"expires_in":\\s*\\d+',
      replacement: `"expires_in":${life}`,
    });
    expect(answer).toMatchObject({ kind: 'token', token: { lifeSeconds: seconds } });
  });

  it.each(['""', 'null', '7', '"a\\r\\nX-Injected: 1"', '"two words"', `"${'x'.repeat(20_000)}"`, '"\\u00fc"'])(
    'V30: a token that cannot travel in a header is none (%#)',
    async (token) => {
      const answer = await askWith(vendor, {
        kind: 'rewrite',
        pattern: '"access_token":\\s*"[^"]*"',
        replacement: `"access_token":${token}`,
      });
      expect(answer.kind).toBe('unavailable');
    },
  );
});
