import type { RawUser } from '@rollcall/contracts';

import { isFailure, type Outcome } from '../expressions/batch.js';
import { checkExpression, ExpressionError } from '../expressions/expression-check.js';
import type { ExpressionEvaluator } from '../expressions/process-of-expressions.js';
import { ValueFailure } from '../expressions/value-failure.js';

/** @throws ValueFailure for a value that cannot be made of the record */
export type Reader = (raw: Record<string, unknown>) => unknown;

/**
 * The expressions of a mapping. They are evaluated in another process, and a slice is mapped at once: their outcomes wait
 * here under the records that they are of.
 */
export class MappingExpressions {
  private readonly texts: string[] = [];
  private readonly outcomes = new WeakMap<object, readonly Outcome[]>();
  /** The record's own values that the expressions may look at; null: all. */
  private names: Set<string> | null = new Set();
  private givenUp: ReadonlySet<number> = new Set();

  constructor(private readonly evaluator: ExpressionEvaluator) {}

  /** Reads the outcome. An expression that cannot be used fails for every record. */
  reader(text: string): Reader {
    try {
      const { names } = checkExpression(text);
      this.names = names === null || this.names === null ? null : new Set([...this.names, ...names]);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return () => {
        throw new ValueFailure(error.message);
      };
    }
    const place = this.texts.push(text) - 1;
    return (raw) => {
      const outcome = this.outcomes.get(raw)?.[place] ?? { failure: 'The expression was not evaluated.' };
      if (!isFailure(outcome)) return outcome.value;
      throw new ValueFailure(outcome.failure, outcome.by === 'given-up' ? 'expression-given-up' : 'mapping-failed');
    };
  }

  async evaluate(users: Iterable<RawUser>): Promise<void> {
    if (this.texts.length === 0) return;
    const asked: object[] = [];
    const records: string[] = [];
    for (const { raw } of users) {
      if (this.outcomes.has(raw)) continue;
      const text = this.textOf(raw);
      if (text === null) {
        this.outcomes.set(
          raw,
          this.texts.map(() => ({ failure: 'The record is nested too deep.' })),
        );
        continue;
      }
      asked.push(raw);
      records.push(text);
    }
    if (asked.length === 0) return;
    const { outcomes, givenUp } = await this.evaluator.evaluate(this.texts, records, this.givenUp);
    this.givenUp = new Set([...this.givenUp, ...givenUp]);
    for (const [index, raw] of asked.entries()) this.outcomes.set(raw, outcomes[index]!);
  }

  /** What of a record the expressions need, as JSON; null if it has no such text. */
  private textOf(raw: Record<string, unknown>): string | null {
    try {
      return JSON.stringify(this.names === null || Array.isArray(raw) ? raw : picked(raw, this.names));
    } catch {
      return null;
    }
  }
}

function picked(raw: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  const part: Record<string, unknown> = {};
  for (const name of names) if (Object.hasOwn(raw, name) && name !== '__proto__') part[name] = raw[name];
  return part;
}
