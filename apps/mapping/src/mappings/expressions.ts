import jsonata from 'jsonata';

import { ValueFailure } from './transforms.js';

/** An expression that cannot be used; the message says why and where. */
export class ExpressionError extends Error {}

/** Evaluation steps of one record; more means that it does not come to an end. */
const mostSteps = 5_000;
/** Longest text and list on the way to a result. */
const longestText = 100_000;
const longestList = 10_000;

/** Functions by which a record would be another one in each run, or that reach around the limits. */
const refused: ReadonlySet<string> = new Set(['now', 'millis', 'random', 'shuffle', 'eval', 'pad']);

export interface Expression {
  /** @throws ValueFailure when it cannot be evaluated for this record */
  evaluate(record: Record<string, unknown>): Promise<unknown>;
}

type Hook = (node: unknown, input: unknown, environment: unknown, result?: unknown) => void;

/**
 * A JSONata expression that always ends, soon and with the same result for the same record: steps and sizes are limited,
 * functions that depend on time or chance are refused, and so are regular expressions and ranges, whose cost nobody sees.
 * @throws ExpressionError
 */
export function compileExpression(text: string): Expression {
  const compiled = parsed(text);
  checkNodes(compiled.ast());
  let steps = 0;
  const entered: Hook = () => {
    steps += 1;
    if (steps > mostSteps) throw new ValueFailure(`The expression took more than ${mostSteps} steps.`);
  };
  const left: Hook = (_node, _input, _environment, result) => {
    if (typeof result === 'string' && result.length > longestText) {
      throw new ValueFailure(`The expression made a text of more than ${longestText} characters.`);
    }
    if (Array.isArray(result) && result.length > longestList) {
      throw new ValueFailure(`The expression made a list of more than ${longestList} values.`);
    }
  };
  compiled.assign(Symbol.for('jsonata.__evaluate_entry') as never, entered);
  compiled.assign(Symbol.for('jsonata.__evaluate_exit') as never, left);
  // One record after the other, because they share the count of steps.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    evaluate: (record) => {
      const mine = turn.then(async () => {
        steps = 0;
        try {
          return plain(await compiled.evaluate(record));
        } catch (error) {
          throw error instanceof ValueFailure ? error : new ValueFailure(messageOf(error));
        }
      });
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}

function parsed(text: string): jsonata.Expression {
  try {
    return jsonata(text);
  } catch (error) {
    throw new ExpressionError(`The expression cannot be read: ${messageOf(error)}`);
  }
}

/** Sequences of the engine carry marks of their own, which must not be stored. */
function plain(result: unknown): unknown {
  return Array.isArray(result) ? Array.from(result as unknown[]) : result;
}

function checkNodes(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, value } = node as { type?: unknown; value?: unknown };
  if (type === 'regex') {
    throw new ExpressionError(
      'Regular expressions are not available: a wrong one can run for hours. Use $contains, $split or $substring.',
    );
  }
  if (type === 'binary' && value === '..') {
    throw new ExpressionError('Ranges are not available in expressions.');
  }
  if (type === 'variable' && typeof value === 'string' && refused.has(value)) {
    throw new ExpressionError(
      `$${value} is not available: the same record must give the same value in every run, within limits.`,
    );
  }
  for (const part of Object.values(node)) {
    if (Array.isArray(part)) part.forEach(checkNodes);
    else checkNodes(part);
  }
}

/** Words of the engine about the expression, without the value of the record that they may quote. */
function messageOf(error: unknown): string {
  const { message, position, value } = error as { message?: unknown; position?: unknown; value?: unknown };
  const where = typeof position === 'number' ? ` (character ${position})` : '';
  const words = typeof message === 'string' ? message : 'it failed';
  const quoted = [JSON.stringify(value), typeof value === 'string' ? value : undefined];
  const shown = quoted.reduce<string>((text, part) => (part ? text.replaceAll(part, '…') : text), words);
  return `${shown}${where}`;
}
