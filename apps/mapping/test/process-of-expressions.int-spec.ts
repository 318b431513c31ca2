import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@rollcall/observability';
import { waitFor } from '@rollcall/testing';
import fc from 'fast-check';

import { isFailure } from '../src/expressions/batch.js';
import { runLimits } from '../src/expressions/limits.js';
import { type ExpressionEvaluator, ProcessOfExpressions } from '../src/expressions/process-of-expressions.js';
import { bomb, bombRecords, canary } from './expression-bombs.js';

/** More of them, with another seed: EXPRESSION_BOMBS=50000 EXPRESSION_SEED=7 */
const bombs = Number(process.env['EXPRESSION_BOMBS'] ?? 2_000);
const seed = Number(process.env['EXPRESSION_SEED'] ?? Date.now() % 1_000_000);
jest.setTimeout(120_000 + bombs * 200);

const logger = createLogger({ service: 'test', level: 'silent' as never });
const limits = { ...runLimits, evaluationMs: 40, graceMs: 60, batchMs: 1_000, strikes: 2 };
const many = Array.from({ length: 9_900 }, (_, index) => index);
/** Native operations of a tenth of a second each, without a step in them, and so many that no machine is fast enough. */
const native = 'many ? $map([1, 2, 3, 4, 5, 6, 7, 8, 9], function() { $count($reduce($$.many, $append)) })';
const greedy = '$map(many, function($x) { $map(many, function($y) { [$x, $y, $x, $y] }) })';

describe('the process in which expressions are evaluated', () => {
  const processes: ProcessOfExpressions[] = [];
  const evaluatorWith = (overrides: Partial<typeof limits>) => {
    const evaluator = new ProcessOfExpressions({ ...limits, ...overrides }, logger);
    processes.push(evaluator);
    return evaluator;
  };
  const outcomesOf = async (evaluator: ExpressionEvaluator, expressions: string[], records: object[]) =>
    (
      await evaluator.evaluate(
        expressions,
        records.map((record) => JSON.stringify(record)),
      )
    ).outcomes;
  const fine = (value: unknown) => ({ value });

  afterAll(async () => {
    await Promise.all(processes.map((one) => one.end()));
  });

  it('is replaced when an operation takes too long; that field of that record fails, and all others are made', async () => {
    const records = [{ x: 1 }, { x: 2, many }, { x: 3 }, { x: 4, many }];
    const outcomes = await outcomesOf(evaluatorWith({}), ['x + 1', native, 'x'], records);
    expect(outcomes.map(([first]) => first)).toEqual([2, 3, 4, 5].map(fine));
    expect(outcomes.map(([, , last]) => last)).toEqual([1, 2, 3, 4].map(fine));
    expect(outcomes.map(([, second]) => second!)).toEqual([
      { value: undefined },
      { failure: 'The expression took longer than 40 ms.', by: 'limit' },
      { value: undefined },
      { failure: 'The expression took longer than 40 ms.', by: 'limit' },
    ]);
  });

  it('gives an expression up after some attempts, tries it once in a later batch, and names it', async () => {
    const evaluator = evaluatorWith({});
    const records = Array.from({ length: 5 }, (_, x) => ({ x, many }));
    const texts = records.map((record) => JSON.stringify(record));
    const first = await evaluator.evaluate([native, 'x'], texts);
    expect(first.outcomes.map(([outcome]) => 'by' in outcome! && outcome.by)).toEqual([
      ...['limit', 'limit'],
      ...['given-up', 'given-up', 'given-up'],
    ]);
    expect(first.outcomes.map(([, outcome]) => outcome)).toEqual([0, 1, 2, 3, 4].map(fine));
    expect(first.givenUp).toEqual(new Set([0]));
    const second = await evaluator.evaluate([native, 'x'], texts.slice(0, 2), first.givenUp);
    expect(second.outcomes.map(([outcome]) => 'by' in outcome! && outcome.by)).toEqual(['limit', 'given-up']);
  });

  it('may use up its memory without harm to the service', async () => {
    const evaluator = evaluatorWith({ heapMb: 12, evaluationMs: 20_000, graceMs: 20_000, batchMs: 60_000 });
    const wide = '$map(many, function($x) { $x > 400 ? 1 : $reverse(many) })';
    const outcomes = await outcomesOf(evaluator, [wide, 'x'], [{ x: 1, many }, { x: 2 }]);
    expect(outcomes).toEqual([
      [{ failure: 'The expression needed more memory than 12 MB.', by: 'limit' }, fine(1)],
      [fine(undefined), fine(2)],
    ]);
  });

  it('ends after the time of a batch, whatever is left of it', async () => {
    const evaluator = evaluatorWith({ strikes: 1_000, batchMs: 300 });
    const started = performance.now();
    const outcomes = await outcomesOf(evaluator, [greedy], Array(200).fill({ many }));
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(outcomes.at(-1)).toEqual([{ failure: expect.stringMatching(/together took longer than 300 ms/) }]);
  });

  it('is started again when somebody kills it, and ends with the service', async () => {
    const evaluator = evaluatorWith({ evaluationMs: 5_000 });
    const pidOf = () => (evaluator as unknown as { child: { pid: number } | null }).child?.pid;
    expect(await outcomesOf(evaluator, ['x'], [{ x: 1 }])).toEqual([[fine(1)]]);
    const before = pidOf()!;
    process.kill(before, 'SIGKILL');
    expect(await outcomesOf(evaluator, ['x'], [{ x: 2 }])).toEqual([[fine(2)]]);
    const after = pidOf()!;
    expect(after).not.toBe(before);
    await evaluator.end();
    await expect(outcomesOf(evaluator, ['x'], [{ x: 3 }])).rejects.toThrow(/stopping/);
    expect(isAlive(after)).toBe(false);
  });

  it('ends by itself when the service is killed in the middle of a batch', async () => {
    const built = new URL('../dist/expressions/process-of-expressions.js', import.meta.url).href;
    const script = `
      import { ProcessOfExpressions } from '${built}';
      const evaluator = new ProcessOfExpressions(${JSON.stringify(runLimits)}, { warn() {}, error() {} });
      const record = JSON.stringify({ many: Array.from({ length: 9900 }, (_, index) => index) });
      await evaluator.evaluate(['1'], ['{}']);
      void evaluator.evaluate([${JSON.stringify(native)}, ${JSON.stringify(greedy)}], Array(1000).fill(record));
      console.log(evaluator.child.pid);`;
    const service = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const [pid] = (await once(service.stdout, 'data')).map(Number);
    service.kill('SIGKILL');
    await waitFor('the process for expressions to end', async () => !isAlive(pid!));
  });

  it('has no environment to read secrets from', async () => {
    const evaluator = evaluatorWith({});
    await outcomesOf(evaluator, ['x'], [{ x: 1 }]);
    const { pid } = (evaluator as unknown as { child: { pid: number } }).child;
    const names = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .map((line) => line.split('=')[0])
      .filter((name) => name !== '');
    expect(new Set(names)).toEqual(new Set(['TZ', 'NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE']));
  });

  describe('with expressions that are made to be expensive', () => {
    let evaluator: ProcessOfExpressions;
    let longestPauseMs = 0;
    let watch: NodeJS.Timeout;

    beforeAll(() => {
      evaluator = evaluatorWith({ evaluationMs: 15, graceMs: 1_000, batchMs: 60_000, strikes: 1 });
      let last = performance.now();
      watch = setInterval(() => {
        longestPauseMs = Math.max(longestPauseMs, performance.now() - last);
        last = performance.now();
      }, 20);
    });

    afterAll(() => clearInterval(watch));

    it(`answers for each of ${bombs}, shows nothing of the records, and goes on (seed ${seed})`, async () => {
      const texts = fc.sample(bomb, { seed, numRuns: bombs });
      const records = bombRecords.map((record) => JSON.stringify(record));
      const tally = { made: 0, failed: 0, limits: 0 };
      for (let at = 0; at < texts.length; at += 50) {
        const some = texts.slice(at, at + 50);
        const { outcomes } = await evaluator.evaluate(some, [records[(at / 50) % records.length]!]);
        expect(outcomes.flat()).toHaveLength(some.length);
        for (const outcome of outcomes.flat()) {
          if (!isFailure(outcome)) tally.made += 1;
          else {
            tally.failed += 1;
            if (outcome.by === 'limit') tally.limits += 1;
            expect(outcome.failure).not.toContain(canary);
          }
        }
      }
      expect(await outcomesOf(evaluator, ['x'], [{ x: 1 }])).toEqual([[fine(1)]]);
      // Neither kind may be rare, or the generator tests nothing.
      expect(Math.min(tally.made, tally.failed)).toBeGreaterThan(bombs / 20);
      // eslint-disable-next-line no-console -- the figures of a long run are what it was made for
      console.info(`seed ${seed}:`, tally, `longest pause of this process ${Math.round(longestPauseMs)} ms`);
    });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
