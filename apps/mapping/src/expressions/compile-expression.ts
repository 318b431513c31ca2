import jsonata from 'jsonata';

import { boundFunctions } from './bound-functions.js';
import { checkExpression } from './expression-check.js';
import { failureWords } from './failure-words.js';
import { longestList, mostSteps } from './limits.js';
import { ValueFailure } from './value-failure.js';
import { checkSize, plainResult } from './value-size.js';

export interface ExpressionResult {
  readonly value: unknown;
  /** How large it is, in characters. */
  readonly characters: number;
}

export interface Expression {
  /**
   * Not for two records at once.
   * @throws ValueFailure when it cannot be evaluated for this record
   */
  evaluate(record: unknown, limitMs: number): Promise<ExpressionResult>;
}

/** A limit by the clock was hit: another attempt may go well, and costs as much again. */
export class TimeFailure extends ValueFailure {}

type Frame = { readonly base: object };
type Hook = (node: unknown, input: unknown, environment: Frame, result?: unknown) => void;

/** Parts that only hand on what was there before. */
const handedOn: ReadonlySet<unknown> = new Set(['name', 'string', 'number', 'value', 'variable', 'parent', 'lambda']);

/**
 * A JSONata expression that counts its steps and measures what it makes, so that nearly all of those that would not end
 * do so here, with the same result for the same record. What slips through is ended by whoever started this process.
 * @throws ExpressionError
 */
export function compileExpression(text: string): Expression {
  checkExpression(text);
  const compiled = jsonata(text, { sequence: longestList } as jsonata.JsonataOptions);
  boundFunctions(compiled);
  let steps = 0;
  let until = 0;
  let limit = 0;
  let current: object | null = null;
  const entered: Hook = (_node, _input, { base }) => {
    // Branches of an evaluation that failed run on; they must not use up the steps of the next record.
    current ??= base;
    if (base !== current) throw new ValueFailure('The evaluation is over.');
    steps += 1;
    if (steps > mostSteps) throw new ValueFailure(`The expression took more than ${mostSteps} steps.`);
    if (performance.now() > until) throw new TimeFailure(`The expression took longer than ${limit} ms.`);
  };
  const left: Hook = (node, _input, _environment, result) => {
    if (!handedOn.has((node as { type?: unknown }).type)) checkSize(result);
  };
  compiled.assign(Symbol.for('jsonata.__evaluate_entry') as never, entered);
  compiled.assign(Symbol.for('jsonata.__evaluate_exit') as never, left);
  return {
    evaluate: async (record, limitMs) => {
      steps = 0;
      current = null;
      limit = limitMs;
      until = performance.now() + limitMs;
      try {
        return plainResult(await compiled.evaluate(record));
      } catch (error) {
        throw error instanceof ValueFailure ? error : new ValueFailure(failureWords(error, text));
      }
    },
  };
}
