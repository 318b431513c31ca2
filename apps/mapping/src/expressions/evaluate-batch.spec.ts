import { describe, expect, it } from '@jest/globals';

import type { BatchProgress, BatchRequest, Outcome } from './batch.js';
import { evaluateBatch } from './evaluate-batch.js';

const slow = '($f := function($n) { $n = 0 ? 0 : $f($n - $count($reverse(many)) / 9990) }; $f(1200))';
const many = Array.from({ length: 9_990 }, (_, index) => index);

async function outcomesOf(overrides: Partial<BatchRequest>) {
  const told: BatchProgress[] = [];
  const request: BatchRequest = {
    id: 1,
    expressions: ['x + 1'],
    records: ['{"x":1}'],
    skip: 0,
    strikes: (overrides.expressions ?? ['']).map(() => 0),
    mostStrikes: 2,
    evaluationMs: 60_000,
    batchMs: 60_000,
    mostResultCharacters: 1_000,
    isCareful: false,
    ...overrides,
  };
  await evaluateBatch(request, async (progress) => void told.push(progress));
  return { told, outcomes: told.flatMap(({ outcomes }): readonly Outcome[] => outcomes) };
}

describe('a batch of expressions and records', () => {
  it('has one outcome for each expression of each record, in order, and a failure spoils no other', async () => {
    const { outcomes } = await outcomesOf({
      expressions: ['x + 1', '$uppercase(x)', '$now()', 'y'],
      records: ['{"x":1}', '{"x":"a","y":[1,2]}'],
    });
    expect(outcomes).toEqual([
      { value: 2 },
      { failure: expect.stringMatching(/another type/) },
      { failure: expect.stringMatching(/\$now is not available/) },
      { value: undefined },
      { failure: expect.stringMatching(/not a number/) },
      { value: 'A' },
      { failure: expect.stringMatching(/\$now is not available/) },
      { value: [1, 2] },
    ]);
  });

  it('goes on where an earlier attempt ended, and tells each outcome at once when that is wanted', async () => {
    const { told, outcomes } = await outcomesOf({
      expressions: ['1', '2'],
      records: ['{}', '{}'],
      skip: 1,
      isCareful: true,
    });
    expect(outcomes).toEqual([{ value: 2 }, { value: 1 }, { value: 2 }]);
    expect(told).toHaveLength(3);
  });

  it('gives an expression up that used up its time too often, and goes on with the others', async () => {
    const records = Array.from({ length: 4 }, () => JSON.stringify({ many, x: 1 }));
    const { outcomes } = await outcomesOf({ expressions: [slow, 'x'], records, evaluationMs: 5 });
    const tooLong = { failure: 'The expression took longer than 5 ms.', by: 'limit' };
    const left = { failure: expect.stringMatching(/given up/), by: 'given-up' };
    const fine = { value: 1 };
    expect(outcomes).toEqual([tooLong, fine, tooLong, fine, left, fine, left, fine]);
  });

  it('stops when all of it together took too long, and when its results are too large together', async () => {
    const late = await outcomesOf({ records: ['{"x":1}', '{"x":2}'], batchMs: 0 });
    expect(late.outcomes).toEqual(Array(2).fill({ failure: expect.stringMatching(/together took longer/) }));
    const large = await outcomesOf({ expressions: ['x'], records: Array(3).fill(`{"x":"${'y'.repeat(450)}"}`) });
    expect(large.outcomes.map((outcome) => 'failure' in outcome)).toEqual([false, false, true]);
  });
});
