import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type Simulator, startSimulator } from '../simulator.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ seed: 'test' });
});
afterEach(() => simulator.stop());

async function call(method: string, path: string, body?: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const reply = await fetch(`${simulator.urls.control}${path}`, { method, body: text });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

/** What is left of a value after a trip through JSON. */
const overWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the control API', () => {
  it('is healthy', async () => {
    expect(await call('GET', '/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('plans faults, shows and clears them', async () => {
    const fault = { vendor: 'jumpcloud', match: { page: 2 }, fault: { kind: 'html' } };
    const added = await call('POST', '/faults', [fault, fault]);
    expect(added.body.faults).toMatchObject([{ id: 1, fired: 0 }, { id: 2 }]);
    expect((await call('GET', '/faults')).body).toEqual(added.body);
    await call('DELETE', '/faults');
    expect((await call('GET', '/faults')).body).toEqual({ faults: [] });
  });

  it('advances a day and tells the truth before and after', async () => {
    expect((await call('GET', '/company')).body).toEqual(overWire(simulator.control.company()));
    const { body } = await call('POST', '/advance-day');
    expect(body).toMatchObject({ day: 1, date: '2026-03-03', leavers: { length: 2 }, joiners: { length: 3 } });
    expect((await call('GET', '/company')).body).toMatchObject({ day: 1, people: { length: 243 } });
  });

  it('mutates the company and shows raw records', async () => {
    const mutation = { op: 'plant-record', vendor: 'lastpass', id: '7', record: { odd: true } };
    expect((await call('POST', '/company/mutations', mutation)).body).toMatchObject({
      changes: [{ vendor: 'lastpass', kind: 'planted', id: '7' }],
    });
    const { accounts } = (await call('GET', '/company/raw?vendor=lastpass')).body;
    expect((accounts as unknown[]).at(-1)).toEqual({ id: '7', record: { odd: true } });
  });

  it('shows the ledger since a number, with what was done through it', async () => {
    await call('POST', '/advance-day');
    const all = (await call('GET', '/ledger')).body.entries as { seq: number; kind: string }[];
    expect(all.map(({ kind }) => kind)).toEqual(['start', 'control']);
    expect((await call('GET', `/ledger?since=${all[0]?.seq}`)).body.entries).toHaveLength(1);
  });

  it('changes settings', async () => {
    expect((await call('POST', '/settings', { latencyMs: 3 })).body).toEqual({
      latencyMs: 3,
      rateLimit: 'vendor',
      tokenLifeSeconds: 3599,
    });
    expect((await call('GET', '/settings')).body).toEqual({
      latencyMs: 3,
      rateLimit: 'vendor',
      tokenLifeSeconds: 3599,
    });
  });

  it.each([
    ['POST', '/faults', { vendor: 'jumpcloud', fault: { kind: 'nonsense' } }, 400, 'invalid-request'],
    ['POST', '/faults', { vendor: 'nobody', fault: { kind: 'html' } }, 404, 'unknown-vendor'],
    ['POST', '/faults', '{', 400, 'invalid-request'],
    ['POST', '/company/mutations', { op: 'suspend', vendor: 'jumpcloud', id: 'x' }, 404, 'unknown-account'],
    ['GET', '/company/raw', undefined, 404, 'unknown-vendor'],
    ['GET', '/nothing', undefined, 404, 'not-found'],
  ])('%s %s with %j is refused with a reason', async (method, path, body, status, code) => {
    const refused = await call(method, path, body);
    expect(refused).toMatchObject({ status, body: { code } });
    expect(refused.body.message).not.toBe('');
  });
});

describe('starting', () => {
  it('brings a restarted simulator back to a day of the script', async () => {
    simulator.control.advanceDay();
    simulator.control.advanceDay();
    const again = await startSimulator({ seed: 'test', startDay: 2 });
    expect(again.control.company()).toEqual(simulator.control.company());
    await again.stop();
  });

  it('rejects when a port is taken', async () => {
    const port = Number(new URL(simulator.urls.control).port);
    await expect(startSimulator({ ports: { control: port } })).rejects.toThrow('EADDRINUSE');
  });
});
