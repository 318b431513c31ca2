import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Simulator, startSimulator } from '../simulator.js';
import type { Fault, FaultPlan } from './fault.js';
import { TokenBucket } from './rate-limit.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 'test' });
});
afterEach(() => simulator.stop());

function open(method: string, path: string): ClientRequest {
  const headers = { 'x-api-key': simulator.credentials.jumpcloud.apiKey };
  const sent = request(`${simulator.urls.jumpcloud}${path}`, { method, headers, agent: false });
  sent.end();
  return sent;
}

interface Received {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** False: the connection ended before the promised length. */
  complete: boolean;
}

/** Plain http, because clients with opinions hide what came over the wire. Rejects when no answer began. */
async function send(method: string, path: string): Promise<Received> {
  const sent = open(method, path);
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  reply.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve) => reply.on('close', resolve).on('error', () => undefined));
  return {
    status: reply.statusCode ?? 0,
    headers: reply.headers,
    body: Buffer.concat(chunks),
    complete: reply.complete,
  };
}

const list = (page = 1) => send('GET', `/api/systemusers?limit=50&skip=${(page - 1) * 50}&sort=_id`);
const users = ({ body }: Received) => JSON.parse(body.toString()) as { totalCount: number; results: { _id: string }[] };
const plan = (fault: Fault, match: FaultPlan['match'] = {}) =>
  simulator.control.addFaults([{ vendor: 'jumpcloud', match, fault }]);
const requests = () => simulator.control.ledger().filter((entry) => entry.kind === 'request');

describe('faults that answer without executing', () => {
  it('status, in the vendor form or with own headers and body', async () => {
    plan({ kind: 'status', status: 503, headers: { 'retry-after': '2.128' } });
    plan({ kind: 'status', status: 500, body: 'oops' });
    const first = await list();
    expect(first.status).toBe(503);
    expect(first.headers['retry-after']).toBe('2.128');
    expect(JSON.parse(first.body.toString())).toEqual({ message: 'Service Unavailable' });
    // Both plans counted the first request, so the second was due then and stays for the next.
    expect((await list()).body.toString()).toBe('oops');
    expect((await list()).status).toBe(200);
  });

  it('rate-limit, with and without Retry-After', async () => {
    plan({ kind: 'rate-limit', retryAfter: 2 }, { page: 1 });
    plan({ kind: 'rate-limit' }, { page: 2 });
    const [first, second] = [await list(1), await list(2)];
    expect([first.status, first.headers['retry-after']]).toEqual([429, '2']);
    expect([second.status, second.headers['retry-after']]).toEqual([429, undefined]);
  });

  it('auth-error, in the form of each vendor', async () => {
    simulator.control.addFaults([{ vendor: 'lastpass', fault: { kind: 'auth-error' } }]);
    plan({ kind: 'auth-error' });
    expect((await list()).status).toBe(401);
    const body = JSON.stringify({ ...simulator.credentials.lastpass, cmd: 'getuserdata' });
    const reply = await fetch(`${simulator.urls.lastpass}/enterpriseapi.php`, { method: 'POST', body });
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining('rc="Authorization Error"')]);
  });

  it('html and body', async () => {
    plan({ kind: 'html' });
    plan({ kind: 'body', body: 'null', contentType: 'text/html' });
    expect((await list()).body.toString()).toContain('<html>');
    const second = await list();
    expect([second.status, second.headers['content-type'], second.body.toString()]).toEqual([200, 'text/html', 'null']);
  });

  it('reset', async () => {
    plan({ kind: 'reset' });
    await expect(list()).rejects.toThrow('ECONNRESET');
  });

  it('hang, until the simulator stops', async () => {
    plan({ kind: 'hang' });
    const sent = open('GET', '/api/systemusers');
    let answered = false;
    sent.on('response', () => (answered = true));
    const ended = once(sent, 'error');
    while (requests().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(requests()).toMatchObject([{ status: 0, fault: 'hang' }]);
    await simulator.stop();
    await ended;
    expect(answered).toBe(false);
    simulator = await startSimulator({ seed: 'test' });
  });
});

describe('faults of the transport', () => {
  it('cut-body ends before the promised length', async () => {
    plan({ kind: 'cut-body' });
    const cut = await list();
    expect(cut.complete).toBe(false);
    expect(cut.body.length).toBe(Math.floor(Number(cut.headers['content-length']) / 2));
  });

  it('cut-body can have a length that fits', async () => {
    plan({ kind: 'cut-body', bytes: 10, clean: true });
    const cut = await list();
    expect([cut.complete, cut.body.length, cut.headers['content-length']]).toEqual([true, 10, '10']);
  });

  it('gzip-cut has a fitting length, but its content ends early', async () => {
    plan({ kind: 'gzip-cut' });
    const cut = await list();
    expect(cut.headers['content-encoding']).toBe('gzip');
    expect(cut.complete).toBe(true);
    expect(cut.body.length).toBe(Number(cut.headers['content-length']));
    expect(() => gunzipSync(cut.body)).toThrow('unexpected end of file');
  });

  it('delay answers rightly, but late', async () => {
    plan({ kind: 'delay', ms: 60 });
    const startedMs = performance.now();
    expect((await list()).status).toBe(200);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55);
  });

  it('reply-lost executes, writes the effect down, and resets', async () => {
    const { id } = simulator.control.company().vendors.jumpcloud?.accounts.at(-1) ?? { id: '' };
    plan({ kind: 'reply-lost' }, { command: 'DELETE /systemusers/{id}' });
    await expect(send('DELETE', `/api/systemusers/${id}`)).rejects.toThrow();
    expect((await send('DELETE', `/api/systemusers/${id}`)).status).toBe(404);
    const effects = simulator.control.ledger().filter((entry) => entry.kind === 'effect');
    expect(effects).toMatchObject([{ effect: 'delete', id }]);
    expect(requests()).toMatchObject([
      { status: 0, attempt: 1, fault: 'reply-lost' },
      { status: 404, attempt: 2 },
    ]);
  });
});

describe('faults of a listing', () => {
  it('empty-page keeps the total', async () => {
    plan({ kind: 'empty-page' }, { page: 2 });
    const [first, second] = [users(await list(1)), users(await list(2))];
    expect(first.results).toHaveLength(50);
    expect(second).toEqual({ totalCount: first.totalCount, results: [] });
    expect(users(await list(2)).results).toHaveLength(50);
  });

  it('duplicate-page serves the page before again', async () => {
    const first = users(await list(1));
    plan({ kind: 'duplicate-page' }, { page: 2 });
    expect(users(await list(2))).toEqual(first);
  });

  it('total lies about the total', async () => {
    plan({ kind: 'total', total: 7 });
    expect(users(await list())).toMatchObject({ totalCount: 7, results: { length: 50 } });
  });

  it('mutate changes the company in the middle of a listing', async () => {
    const first = users(await list(1));
    const id = first.results[0]?._id;
    plan({ kind: 'mutate', mutations: [{ op: 'remove-user', vendor: 'jumpcloud', id }] }, { page: 2 });
    expect(users(await list(2)).totalCount).toBe(first.totalCount - 1);
  });

  it.each(['empty-page', 'duplicate-page'] as const)('%s works for LastPass, too', async (kind) => {
    const page = async (pageindex: number) => {
      const data = { pagesize: 20, pageindex };
      const body = JSON.stringify({ ...simulator.credentials.lastpass, cmd: 'getuserdata', data });
      const reply = await fetch(`${simulator.urls.lastpass}/enterpriseapi.php`, { method: 'POST', body });
      return ((await reply.json()) as { Users: object }).Users;
    };
    simulator.control.addFaults([{ vendor: 'lastpass', match: { operation: 'list', page: 2 }, fault: { kind } }]);
    const [first, second] = [await page(0), await page(1)];
    expect(second).toEqual(kind === 'empty-page' ? [] : first);
  });
});

describe('which requests are hit', () => {
  const statuses = async (count: number) => {
    const seen: number[] = [];
    for (let i = 0; i < count; i += 1) seen.push((await list()).status);
    return seen;
  };
  const fault = { kind: 'status', status: 500 } as const;

  it('from the nth match on, a number of times, always, or none after clearing', async () => {
    plan(fault, { nth: 2, times: 2 });
    expect(await statuses(5)).toEqual([200, 500, 500, 200, 200]);
    expect(simulator.control.faults()).toMatchObject([{ matched: 5, fired: 2 }]);
    plan(fault, { times: 'always' });
    expect(await statuses(3)).toEqual([500, 500, 500]);
    simulator.control.clearFaults();
    expect(await statuses(1)).toEqual([200]);
  });

  it('only the operation, command and vendor named', async () => {
    plan(fault, { operation: 'action' });
    plan(fault, { command: 'POST /search/systemusers' });
    simulator.control.addFaults([{ vendor: 'lastpass', fault }]);
    expect(await statuses(2)).toEqual([200, 200]);
    expect((await send('POST', '/api/systemusers')).status).toBe(500);
  });

  it('by chance, the same for the same seed', async () => {
    plan(fault, { probability: 0.5 });
    const first = await statuses(20);
    await simulator.stop();
    simulator = await startSimulator({ seed: 'test' });
    plan(fault, { probability: 0.5 });
    expect(await statuses(20)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500]));
  });
});

describe('the real rate limit', () => {
  it('refills by the second up to its burst', () => {
    let nowMs = 0;
    const bucket = new TokenBucket({ perSecond: 10, burst: 2 }, () => nowMs);
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 100]);
    nowMs += 100;
    expect([bucket.take(), bucket.take()]).toEqual([0, 100]);
    nowMs += 10_000;
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 100]);
  });

  it('answers 429 over the limit, and stops when switched off', async () => {
    simulator.control.settings({ rateLimit: { perSecond: 0.001, burst: 1 } });
    expect([(await list()).status, (await list()).status]).toEqual([200, 429]);
    expect(requests().at(-1)).toMatchObject({ fault: 'over-rate-limit' });
    simulator.control.settings({ rateLimit: null });
    expect((await list()).status).toBe(200);
  });
});
