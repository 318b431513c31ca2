import {
  type BatchProgress,
  type BatchRequest,
  batchTooLong,
  type Failure,
  givenUp,
  isFailure,
  type Outcome,
} from './batch.js';
import { compileExpression, type Expression, TimeFailure } from './compile-expression.js';
import { ExpressionError } from './expression-check.js';
import { ValueFailure } from './value-failure.js';

/** Expressions are compiled once for all batches of this process. */
const compiled = new Map<string, Expression | Failure>();
const mostCompiled = 1_000;
/** How soon outcomes are told, so that few are lost when the process ends. */
const tellAfterMs = 50;
const tellAtOnce = 5_000;

const resultsTooLarge: Failure = {
  failure: 'The results of the mapping are too large together in this part of the run.',
};

/**
 * Evaluates a batch. Nothing of it throws but `tell`: what goes wrong is the outcome of that expression for that record.
 * @param tell is given each outcome once, in order; it resolves when it was handed over
 */
export async function evaluateBatch(
  request: BatchRequest,
  tell: (progress: BatchProgress) => Promise<void>,
): Promise<void> {
  const batch = new Batch(request);
  let told = performance.now();
  let outcomes: Outcome[] = [];
  let characters = 0;
  const flush = async () => {
    await tell({ id: request.id, outcomes, characters: batch.characters - characters });
    characters = batch.characters;
    outcomes = [];
    told = performance.now();
  };
  for (const [index, text] of request.records.entries()) {
    const record: unknown = JSON.parse(text);
    for (let place = index === 0 ? request.skip : 0; place < request.expressions.length; place += 1) {
      outcomes.push(await batch.outcomeOf(place, record));
      const isDue = outcomes.length >= tellAtOnce || performance.now() - told > tellAfterMs;
      if (request.isCareful || isDue) await flush();
    }
  }
  if (outcomes.length > 0) await flush();
}

class Batch {
  characters = 0;
  private readonly strikes: number[];
  private readonly expressions: (Expression | Failure)[];
  private readonly until: number;

  constructor(private readonly request: BatchRequest) {
    this.strikes = [...request.strikes];
    this.expressions = request.expressions.map(ready);
    this.until = performance.now() + request.batchMs;
  }

  async outcomeOf(place: number, record: unknown): Promise<Outcome> {
    const { mostStrikes, evaluationMs, batchMs } = this.request;
    const expression = this.expressions[place]!;
    if ('failure' in expression) return expression;
    if (this.strikes[place]! >= mostStrikes) return givenUp;
    const left = this.until - performance.now();
    if (left <= 0) return batchTooLong(batchMs);
    const outcome = await this.evaluated(expression, record, evaluationMs);
    if (isFailure(outcome) && outcome.by === 'limit') this.strikes[place]! += 1;
    return outcome;
  }

  private async evaluated(expression: Expression, record: unknown, limitMs: number): Promise<Outcome> {
    try {
      const { value, characters } = await expression.evaluate(record, limitMs);
      if (this.characters + characters > this.request.mostResultCharacters) return resultsTooLarge;
      this.characters += characters;
      return { value };
    } catch (error) {
      const failure = error instanceof ValueFailure ? error.message : 'The expression cannot be evaluated.';
      return error instanceof TimeFailure ? { failure, by: 'limit' } : { failure };
    }
  }
}

function ready(text: string): Expression | Failure {
  let expression = compiled.get(text);
  if (expression === undefined) {
    try {
      expression = compileExpression(text);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      expression = { failure: error.message };
    }
    if (compiled.size >= mostCompiled) compiled.clear();
    compiled.set(text, expression);
  }
  return expression;
}
