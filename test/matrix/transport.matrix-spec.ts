import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EgressPort } from '@rollcall/connector-kit';
import { AppError } from '@rollcall/contracts';
import { EgressClient } from '@rollcall/egress';
import { type FaultPlan, type Simulator, startSimulator } from '@rollcall/vendor-simulator';

import { Bench } from './bench.js';
import { matrixVendors } from './vendors.js';

/**
 * The matrix stands on a way out without sockets. Here both ways meet the same faults, the other one over a loopback
 * connection, and must tell the same of them.
 */
const lever = matrixVendors.find(({ id }) => id === 'lever')!;
const maxBytes = 200_000;
/** Only "no answer" takes so long; a busy machine answers late, and that is not the same. */
const patienceMs = 10_000;

let simulator: Simulator;
let client: EgressClient;

beforeAll(async () => {
  simulator = await startSimulator({ seed: 'matrix', company: 'load:50', vendors: ['lever'], rateLimit: null });
  const limits = { maxBytes, timeoutMs: patienceMs, headersTimeoutMs: 3_000 };
  client = EgressClient.create({ allowedHosts: ['127.0.0.1'], allowHttp: true, allowLoopback: true, ...limits });
});
afterAll(async () => {
  await client.close();
  await simulator.stop();
});

type Fault = FaultPlan['fault'];

async function told(way: EgressPort, origin: string, fault: Fault, plan: (fault: Fault) => void): Promise<unknown> {
  plan(fault);
  const key = Buffer.from(`${simulator.credentials.lever.apiKey}: `).toString('base64');
  const headers = { authorization: `Basic ${key}` };
  try {
    const url = `${origin}/v1/users?limit=50&includeDeactivated=true`;
    const { status, text } = await way.request({ method: 'GET', url, headers, maxBytes, timeoutMs: patienceMs });
    return { status, text };
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

const faults: readonly [string, Fault][] = [
  ['nothing', { kind: 'delay', ms: 0 }],
  ['a status', { kind: 'status', status: 503, body: 'down' }],
  ['204', { kind: 'status', status: 204, body: '' }],
  ...[301, 302, 303, 307, 308].map((status): [string, Fault] => [
    `a redirect with ${status}`,
    { kind: 'status', status, headers: { location: 'http://127.0.0.1:1/' } },
  ]),
  ['no answer', { kind: 'hang' }],
  ['a reset', { kind: 'reset' }],
  ['a reply that is lost', { kind: 'reply-lost' }],
  ['a body shorter than its length', { kind: 'cut-body' }],
  ['half a body with a length that fits', { kind: 'cut-body', clean: true }],
  ['gzip cut with a length that fits', { kind: 'gzip-cut' }],
  ['another content type', { kind: 'encoding', encoding: 'utf8', contentType: 'text/html; charset=iso-8859-1' }],
  ['a byte-order mark', { kind: 'encoding', encoding: 'utf8-bom' }],
  ['UTF-16', { kind: 'encoding', encoding: 'utf16le' }],
  ['bytes that are no UTF-8', { kind: 'encoding', encoding: 'invalid' }],
  ['cookies', { kind: 'encoding', encoding: 'utf8', headers: { 'set-cookie': 'a=b' } }],
  ['an answer beyond the limit', { kind: 'inflate', bytes: maxBytes + 1 }],
  ['an answer beyond the limit, packed', { kind: 'inflate', bytes: 20_000_000, packed: true }],
  ['an empty body', { kind: 'body', body: '' }],
];

it.each(faults)('tells the same of %s with a connection and without', async (_what, fault) => {
  const bench = new Bench(lever, { pages: 1 });
  const withSocket = await told(client, simulator.urls.lever!, fault, (planned) => {
    simulator.control.clearFaults();
    simulator.control.addFaults([{ vendor: 'lever', fault: planned }]);
  });
  const without = await told(bench.egress, 'https://vendor.test', fault, (planned) => bench.plan(planned));
  expect(without).toEqual(withSocket);
});
