import jsonata from 'jsonata';

import { isAllowedPicture, type PictureFunction, pictureFunctions, pictureRefusal } from './pictures.js';

/** An expression that cannot be used; the message says why and where. */
export class ExpressionError extends Error {}

/** Functions by which a record would be another one in each run, or that reach around the limits. */
const refused: ReadonlySet<string> = new Set(['now', 'millis', 'random', 'shuffle', 'eval', 'pad']);

/** Functions that take the whole record when they are given nothing. */
const takesContext: ReadonlySet<string> = new Set([
  ...['string', 'boolean', 'not', 'keys', 'lookup', 'spread', 'sift', 'each', 'clone'],
]);

/** A part of the tree that the engine makes of an expression. */
interface Part {
  readonly type?: unknown;
  readonly value?: unknown;
  readonly procedure?: Part;
  readonly arguments?: readonly Part[];
  readonly rhs?: Part;
  readonly signature?: unknown;
}

export interface CheckedExpression {
  readonly text: string;
  /** Names of the record's own values that it may look at; null: any. */
  readonly names: ReadonlySet<string> | null;
}

/**
 * Checks what can be known of an expression without a record: it can be read, and asks for nothing that is refused.
 * @throws ExpressionError, and nothing else, whatever the text is
 */
export function checkExpression(text: string): CheckedExpression {
  const names = new Set<string>();
  let needsAll = false;
  const applied = new Set<Part>();
  for (const part of partsOf(parsed(text))) {
    if (part.type === 'apply' && part.rhs) applied.add(part.rhs);
    const fault = faultOf(part, applied.has(part));
    if (fault !== null) throw new ExpressionError(fault);
    if (part.type === 'name' && typeof part.value === 'string') names.add(part.value);
    needsAll ||= looksAtAll(part);
  }
  return { text, names: needsAll ? null : names };
}

function parsed(text: string): Part {
  try {
    return jsonata(text).ast() as Part;
  } catch (error) {
    const { message, position } = error as { message?: unknown; position?: unknown };
    const where = typeof position === 'number' ? ` (character ${position})` : '';
    throw new ExpressionError(
      `The expression cannot be read: ${typeof message === 'string' ? message : 'it is not JSONata'}${where}`,
    );
  }
}

/** Every part, outer ones first. Not by recursion: the tree of a long text is deeper than the stack. */
function* partsOf(root: unknown): Generator<Part> {
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== 'object' || part === null || seen.has(part)) continue;
    seen.add(part);
    if (!Array.isArray(part)) yield part;
    open.push(...Object.values(part));
  }
}

function faultOf(part: Part, isApplied: boolean): string | null {
  const { type, value } = part;
  if (type === 'regex') {
    return 'Regular expressions are not available: a wrong one can run for hours. Use $contains, $split or $substring.';
  }
  if (type === 'binary' && value === '..') return 'Ranges are not available in expressions.';
  if (type === 'variable' && typeof value === 'string' && refused.has(value)) {
    return `$${value} is not available: the same record must give the same value in every run, within limits.`;
  }
  return type === 'function' || type === 'partial' ? pictureFault(part, isApplied) : null;
}

/** Of pictures that stand in the expression; those that it makes up are checked when they are used. */
function pictureFault({ procedure, arguments: given = [] }: Part, isApplied: boolean): string | null {
  const name = pictureFunctions.find((one) => procedure?.type === 'variable' && procedure.value === one);
  if (name === undefined) return null;
  const picture = given[placeOfPicture(name, given, isApplied)];
  if (picture?.type !== 'string' || typeof picture.value !== 'string') return null;
  return isAllowedPicture(name, picture.value) ? null : pictureRefusal(name);
}

/** The value in front of the picture may be left out, or stand before `~>`. */
function placeOfPicture(name: PictureFunction, given: readonly Part[], isApplied: boolean): number {
  if (isApplied) return 0;
  if (name === 'toMillis') return 1;
  if (name === 'parseInteger') return given.length > 1 ? 1 : 0;
  return given[0]?.type === 'string' ? 0 : 1;
}

function looksAtAll({ type, value, signature }: Part): boolean {
  if (type === 'wildcard' || type === 'descendant' || type === 'parent' || type === 'transform') return true;
  if (type === 'lambda') return signature !== undefined;
  return type === 'variable' && (value === '' || value === '$' || takesContext.has(String(value)));
}
