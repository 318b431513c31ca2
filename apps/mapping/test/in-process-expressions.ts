import type { Outcome } from '../src/expressions/batch.js';
import { evaluateBatch } from '../src/expressions/evaluate-batch.js';
import { mostResultCharacters, runLimits } from '../src/expressions/limits.js';
import type { ExpressionEvaluator } from '../src/expressions/process-of-expressions.js';

/** Expressions without a process of their own, for tests of what is made of their outcomes. */
export const inProcess: ExpressionEvaluator = {
  async evaluate(expressions, records, suspects = new Set()) {
    const outcomes: Outcome[] = [];
    const { strikes, evaluationMs, batchMs } = runLimits;
    const request = {
      id: 1,
      expressions,
      records,
      skip: 0,
      strikes: expressions.map((_, place) => (suspects.has(place) ? strikes - 1 : 0)),
      mostStrikes: strikes,
      evaluationMs,
      batchMs,
      mostResultCharacters,
      isCareful: false,
    };
    await evaluateBatch(request, async (progress) => void outcomes.push(...progress.outcomes));
    const width = expressions.length;
    return {
      outcomes: records.map((_, index) => outcomes.slice(index * width, (index + 1) * width)),
      givenUp: new Set<number>(),
    };
  },
};

/** For mappings without expressions: whoever asks it has touched what must not be touched. */
export const noExpressions: ExpressionEvaluator = {
  evaluate: () => Promise.reject(new Error('a mapping without expressions asked for some')),
};
