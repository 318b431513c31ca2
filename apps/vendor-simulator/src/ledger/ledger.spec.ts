import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startSimulator } from '../simulator.js';
import { Ledger } from './ledger.js';
import { readLedger } from './read-ledger.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  file = join(folder, 'deep', 'ledger.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const note = (operation: string) => ({ kind: 'control', operation, detail: null }) as const;

describe('the ledger file', () => {
  it('goes on where an earlier process stopped, even in the middle of a line', () => {
    const first = new Ledger(file);
    first.append(note('one'));
    first.append(note('two'));
    first.close();
    appendFileSync(file, '{"seq":3,"kind":"contr');
    const second = new Ledger(file);
    second.append(note('three'));
    second.close();
    expect(readLedger(file).map((entry) => entry.seq)).toEqual([1, 2, 3]);
    expect(readLedger(file, 2)).toMatchObject([{ seq: 3, operation: 'three' }]);
  });

  it('is empty when there is no file', () => {
    expect(readLedger(join(folder, 'none'))).toEqual([]);
  });

  it('keeps entries in memory without a file', () => {
    const ledger = new Ledger(undefined);
    ledger.append(note('one'));
    expect(ledger.entries(0)).toHaveLength(1);
    expect(ledger.entries(1)).toHaveLength(0);
  });
});

describe('what is written', () => {
  const secrets = ['test-hash-canary', 'test-key-canary', 'test-password-canary-1', 'test-wrong-canary'];

  async function traffic() {
    const simulator = await startSimulator({
      seed: 'test',
      ledgerFile: file,
      credentials: { lastpass: { cid: '77', provhash: 'test-hash-canary' }, jumpcloud: { apiKey: 'test-key-canary' } },
    });
    const lastpass = (provhash: string, cmd: string, data: unknown) =>
      fetch(`${simulator.urls.lastpass}/enterpriseapi.php?provhash=${provhash}`, {
        method: 'POST',
        body: JSON.stringify({ cid: 77, provhash, cmd, data }),
      });
    const jumpcloud = (method: string, path: string, body?: unknown) =>
      fetch(`${simulator.urls.jumpcloud}${path}`, {
        method,
        headers: { 'x-api-key': 'test-key-canary' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    const account = simulator.control.company().vendors.lastpass?.accounts.at(-1);
    await lastpass('test-wrong-canary', 'test-wrong-canary', null);
    await lastpass('test-hash-canary', 'getuserdata', { pagesize: 10, pageindex: 2 });
    await lastpass('test-hash-canary', 'deluser', { username: account?.username, deleteaction: 2 });
    // Read before the reply could have been flushed by time: the effect must already be there.
    const effectAtReply = readLedger(file).some((entry) => entry.kind === 'effect');
    await lastpass('test-hash-canary', 'deluser', { username: account?.username, deleteaction: 2 });
    await jumpcloud('GET', '/api/systemusers?limit=5&skip=10&sort=_id&key=test-key-canary');
    const password = 'test-password-canary-1';
    await jumpcloud('POST', '/api/systemusers', { username: 'n', email: 'n@harbour.example', password });
    await simulator.stop();
    return { account, effectAtReply, entries: readLedger(file) };
  }

  it('is every request with attempt, authorization, status and bytes, and every effect by immutable id', async () => {
    const { account, effectAtReply, entries } = await traffic();
    expect(effectAtReply).toBe(true);
    const requests = entries.filter((entry) => entry.kind === 'request');
    const summary = requests.map(({ command, attempt, authOk, status, page }) => ({
      command,
      attempt,
      authOk,
      status,
      page,
    }));
    const fine = { attempt: 1, authOk: true, status: 200, page: undefined };
    expect(summary).toEqual([
      { ...fine, command: 'unknown command', authOk: false },
      { ...fine, command: 'getuserdata', page: 3 },
      { ...fine, command: 'deluser' },
      { ...fine, command: 'deluser', attempt: 2 },
      { ...fine, command: 'GET /systemusers', page: 3 },
      { ...fine, command: 'POST /systemusers' },
    ]);
    expect(requests.every((request) => request.bytes > 0)).toBe(true);
    expect(requests[4]?.path).toBe('/api/systemusers?limit=5&skip=10&sort=_id');
    const effects = entries.filter((entry) => entry.kind === 'effect');
    expect(effects).toMatchObject([
      { effect: 'delete', id: account?.id, username: account?.username, request: requests[2]?.request },
      { effect: 'create', vendor: 'jumpcloud' },
    ]);
    expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_entry, i) => i + 1));
  });

  it('holds no secret, right or wrong', async () => {
    await traffic();
    const text = readFileSync(file, 'utf8');
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});
