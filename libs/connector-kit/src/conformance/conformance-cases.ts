import assert from 'node:assert/strict';

import { rawUserSchema } from '@rollcall/contracts';

import { type UserReference } from '../connector.js';
import { isWorthRefetching } from '../read-all-users.js';
import { type VendorError, type VendorErrorCode } from '../vendor-error.js';
import { Bench, type ConformanceCase, type ConformanceOptions } from './conformance-bench.js';
import { manifestCases } from './manifest-cases.js';
import { oddRecords } from './odd-record-cases.js';
import { egressFailure, type ScriptedAnswer, type VendorScript } from './scripted-egress.js';

/** Answers that are no data although their status is fine (V9). */
const nonsense: readonly ScriptedAnswer[] = [
  { text: '<!doctype html><title>Sign in</title>' },
  { text: '' },
  { status: 204, text: '' },
  { text: 'null' },
  { text: '[]' },
  { text: '{}' },
  { text: '"ok"' },
  { text: '{"error":"something went wrong"}' },
  { text: '{"status":"FAIL","error":"something went wrong"}' },
];

/** The healthy vendor, but the request with that index (or all from it on) is answered otherwise. */
function disturbed(healthy: VendorScript, at: number, answer: VendorScript, isForEver = true): VendorScript {
  return (request, index) =>
    index === at || (isForEver && index > at) ? answer(request, index) : healthy(request, index);
}

function thrower(code: Parameters<typeof egressFailure>[0]): VendorScript {
  return () => {
    throw egressFailure(code);
  };
}

function completeReads(bench: Bench): ConformanceCase[] {
  const { company, pageSize } = bench.options;
  return [1, pageSize - 1, pageSize, pageSize + 1, 3 * pageSize].map((count) => ({
    title: `reads all of ${count} users, each once, and proves it`,
    run: async () => {
      const { users, summary, error } = await bench.read(company(count));
      assert.equal(error, null);
      assert.equal(summary?.distinct, count);
      assert.equal(new Set(users.map(({ id }) => id)).size, count);
      for (const user of users.slice(0, 5)) {
        assert.deepEqual(rawUserSchema.parse(user), user);
        assert.deepEqual(JSON.parse(JSON.stringify(user)), user, 'a user must survive JSON');
      }
    },
  }));
}

/** Every way of failing on the first, a middle and the last page ends the read with a named reason (NS rows of 3.3). */
function disturbedReads(bench: Bench): ConformanceCase[] {
  const { company, pageSize, authRejected } = bench.options;
  const failures: [string, VendorScript, VendorErrorCode | null][] = [
    ['V4 503 for ever', () => ({ status: 503 }), 'vendor-unavailable'],
    ['V7 cut bodies', thrower('answer-cut'), 'vendor-answer-cut'],
    ['V6 silence', thrower('timeout'), 'vendor-timeout'],
    ['V5 refused connections', thrower('unreachable'), 'vendor-unreachable'],
    ['V8 a refused credential', () => authRejected, 'vendor-auth-rejected'],
    ['V3 a blocked address', () => ({ status: 403, text: '{"message":"blocked"}' }), 'vendor-forbidden'],
    ['V21 a redirect', () => ({ status: 302, headers: { location: 'http://127.0.0.1/' } }), 'vendor-redirected'],
    ['V2 429 for ever', () => ({ status: 429, headers: { 'retry-after': '2' } }), 'vendor-rate-limited'],
    ['a 404', () => ({ status: 404, text: '{"message":"Not Found"}' }), null],
    ...nonsense.map((answer): [string, VendorScript, null] => [
      `V9 ${answer.text === '' ? `nothing with ${answer.status ?? 200}` : answer.text}`,
      () => answer,
      null,
    ]),
  ];
  return failures.flatMap(([what, script, code]) =>
    [0, 1, 2].map((page) => ({
      title: `ends with a named reason on page ${page + 1} of 3: ${what}`,
      run: async () => {
        const { summary, error, users } = await bench.read(disturbed(company(3 * pageSize), page, script));
        assert.equal(summary, null, 'a disturbed read must never count as complete');
        assert.equal(users.length, page * pageSize);
        if (code !== null) assert.equal((error as VendorError).code, code);
      },
    })),
  );
}

function recoveries(bench: Bench): ConformanceCase[] {
  const { company, pageSize } = bench.options;
  const passing: [string, VendorScript][] = [
    ['a 500', () => ({ status: 500 })],
    ['a 502 with a web page', () => ({ status: 502, text: '<html></html>' })],
    ['a 429', () => ({ status: 429, headers: { 'retry-after': '2.128' } })],
    ['a cut body', thrower('answer-cut')],
  ];
  return [
    ...passing.map(([what, script]) => ({
      title: `gets over ${what} on page 2`,
      run: async () => {
        const { summary } = await bench.read(disturbed(company(3 * pageSize), 1, script, false));
        assert.equal(summary?.distinct, 3 * pageSize);
      },
    })),
    {
      title: 'V1 waits as long as the vendor says before asking again',
      run: async () => {
        const limited: VendorScript = () => ({ status: 429, headers: { 'retry-after': '7' } });
        const { pacing } = await bench.read(disturbed(company(2 * pageSize), 1, limited, false));
        assert.ok(pacing.slept.includes(7000));
      },
    },
    {
      title: 'V14 reads again from the beginning when a later page is gone (410)',
      run: async () => {
        const gone: VendorScript = () => ({ status: 410, text: '{"error":{"code":"gone","message":"expired"}}' });
        const { summary, error } = await bench.read(disturbed(company(3 * pageSize), 1, gone));
        assert.equal(summary, null);
        assert.equal((error as VendorError).code, 'read-cursor-expired');
        assert.ok(isWorthRefetching(error));
      },
    },
    {
      title: 'V13 stops when the same page comes again',
      run: async () => {
        const healthy = company(3 * pageSize);
        let first: ScriptedAnswer | null = null;
        const { summary, egress } = await bench.read((request, index) => (first ??= healthy(request, index)));
        assert.equal(summary, null);
        assert.equal(egress.requests.length, 2);
      },
    },
    {
      title: 'V14 finds a total that moved, and says that reading again may help',
      run: async () => {
        const [before, after] = [company(3 * pageSize), company(3 * pageSize + 1)];
        const { summary, error } = await bench.read((request, index) => (index === 0 ? before : after)(request, index));
        if (bench.options.connector.manifest.capabilities.statesTotal) {
          assert.equal(summary, null);
          assert.ok(isWorthRefetching(error));
        }
      },
    },
  ];
}

function singleUsers(bench: Bench): ConformanceCase[] {
  const { connector, company, authRejected, present, missing } = bench.options;
  const ask = (script: VendorScript, reference: UserReference): Promise<{ kind: string }> =>
    connector.getUser(bench.context(script).context, reference);
  const broken: [string, VendorScript][] = [
    ['a refused credential', () => authRejected],
    ['a 500', () => ({ status: 500 })],
    ['a 403', () => ({ status: 403 })],
    ['silence', thrower('timeout')],
    ['a 404 page of a proxy', () => ({ status: 404, text: '<html>no such page</html>' })],
    ...nonsense.map((answer): [string, VendorScript] => [`"${answer.text ?? ''}"`, () => answer]),
  ];
  const answers: ConformanceCase[] = [
    {
      title: 'finds a user by reference',
      run: async () => {
        const answer = await connector.getUser(bench.context(company(3)).context, present);
        assert.equal(answer.kind === 'found' && answer.user.id, present.vendorId);
      },
    },
    {
      title: 'says gone for a user whom the vendor does not have',
      run: async () => assert.equal((await ask(company(3), missing)).kind, 'gone'),
    },
  ];
  const silence: ConformanceCase[] = [
    {
      title: 'says that it cannot be asked for single users, whoever is asked for',
      run: async () => {
        for (const reference of [present, missing]) await bench.fails(ask(company(3), reference));
      },
    },
  ];
  return [
    ...(connector.manifest.capabilities.confirmById ? answers : silence),
    ...broken.map(([what, script]) => ({
      title: `never says gone after ${what} (evidence f)`,
      run: () => bench.fails(ask(script, present)),
    })),
    {
      title: 'accepts a good credential and names the refusal of a wrong one',
      run: async () => {
        await connector.check(bench.context(company(3)).context);
        await bench.fails(connector.check(bench.context(() => authRejected).context), 'vendor-auth-rejected');
      },
    },
  ];
}

/**
 * The suite that every connector passes, as plain cases so that this lib needs no test runner:
 * `for (const { title, run } of conformanceCases(options)) it(title, run)`. Codes like V9 name rows of the
 * misbehaviour matrix.
 */
export function conformanceCases(options: ConformanceOptions): ConformanceCase[] {
  const bench = new Bench(options);
  return [
    ...manifestCases(options.connector),
    ...completeReads(bench),
    ...disturbedReads(bench),
    ...recoveries(bench),
    ...oddRecords(bench),
    ...singleUsers(bench),
  ];
}
