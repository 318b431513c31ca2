import assert from 'node:assert/strict';

import { type Bench, type ConformanceCase } from './conformance-bench.js';
import { type VendorScript } from './scripted-egress.js';

/** Answers like the vendor, with something added to the record of one user. */
function withOddRecord(healthy: VendorScript, id: string, odd: object): VendorScript {
  const isHis = ([key, record]: [string, unknown]): boolean =>
    typeof record === 'object' && record !== null && (key === id || Object.values(record).map(String).includes(id));
  return (request, index) => {
    const answer = healthy(request, index);
    const body = JSON.parse(answer.text ?? '') as Record<string, unknown>;
    const lists = Object.values(body).filter((value) => typeof value === 'object' && value !== null);
    for (const [, record] of lists.flatMap((list) => Object.entries(list as object)).filter(isHis)) {
      Object.assign(record as object, odd);
    }
    return { ...answer, text: JSON.stringify(body) };
  };
}

/** One odd record or value stops nobody but its user (B7, N4, V17). */
export function oddRecords(bench: Bench): ConformanceCase[] {
  const { company, present } = bench.options;
  const deep = JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as unknown;
  const named: [string, object, string][] = [
    ['too large', { oddExample: 'x'.repeat(2 * 1024 * 1024) }, 'record-too-large'],
    ['nested too deep', { oddExample: deep }, 'record-too-deep'],
  ];
  return [
    ...named.map(([what, odd, code]) => ({
      title: `V17 names a user whose record is ${what}, and reads all the others`,
      run: async () => {
        const { users, summary } = await bench.read(withOddRecord(company(3), present.vendorId, odd));
        assert.equal(summary?.distinct, 3);
        const problems = users.filter(({ problem }) => problem !== undefined);
        assert.deepEqual(
          problems.map(({ id, problem, raw }) => [id, problem?.code, raw]),
          [[present.vendorId, code, {}]],
        );
        assert.ok(problems[0]?.problem?.message.includes('"oddExample"'));
      },
    })),
    {
      title: 'N4 keeps a number that is too large digit by digit, and its user',
      run: async () => {
        const script = withOddRecord(company(3), present.vendorId, { oddId: 'digits', amountPaid: 'digits' });
        const { users, summary } = await bench.read((request, index) => {
          const { text = '', ...answer } = script(request, index);
          return { ...answer, text: text.replaceAll('"digits"', '12345678901234567890') };
        });
        assert.equal(summary?.distinct, 3);
        const odd = users.find(({ id }) => id === present.vendorId);
        assert.equal(odd?.raw['oddId'], '12345678901234567890');
        assert.equal(odd.raw['amountPaid'], '12345678901234567890');
      },
    },
  ];
}
