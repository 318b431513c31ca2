import { hash as digest } from 'node:crypto';

import {
  defaultRules,
  type MappingDefinition,
  type MappingSource,
  type PeopleField,
  type RawUser,
  type Transform,
  type Values,
} from '@rollcall/contracts';

import { convert } from './convert-value.js';
import { compileExpression, type Expression } from './expressions.js';
import { readerOfPath } from './paths.js';
import { transformed, ValueFailure } from './transforms.js';

/** A field that could not be made of this record; the others are written (bad input of one field stops no user). */
export interface FieldFailure {
  readonly to: string;
  readonly message: string;
}

/** One user mapped, passed over by the rule (R61), or the reason why he cannot be written (B7). */
export type MappedUser =
  | { readonly ok: true; readonly values: Values; readonly hash: string; readonly failures: readonly FieldFailure[] }
  | { readonly ok: false; readonly code: string; readonly message: string }
  | { readonly ok: 'skipped' };

/** What besides the values decides whether an account has to be written (B8). */
export interface HashContext {
  readonly content: string;
  readonly app: string | null;
  readonly preference: string;
}

export interface CompiledMapping {
  readonly version: number;
  readonly fields: readonly PeopleField[];
  readonly uniqueFields: readonly string[];
  readonly syncKeys: readonly string[];
  /** Name of the rule that passes records over (R61); null: none. */
  readonly ruleName: string | null;
  /** Whoever is active again is reactivated (R60). */
  readonly restoresArchived: boolean;
  /** Tracking fields that are mapped (R79): people field → value of the run. */
  readonly tracking: readonly { readonly to: string; readonly name: 'sync-time' | 'credential-name' }[];
  /** Evaluates the expressions for these users, if there are any; before `map`, which never waits. */
  evaluate(users: Iterable<RawUser>): Promise<void>;
  map(user: RawUser, context: HashContext): MappedUser;
}

type Reader = (raw: Record<string, unknown>) => unknown;
interface CompiledEntry {
  readonly field: PeopleField;
  readonly read: Reader;
}

/**
 * Turns a version of a mapping into a function from a raw user to values. Paths are split once; the order of the
 * entries is fixed, so equal values give an equal hash.
 * @throws PathError, ExpressionError for a definition that was never checked
 */
export function compileMapping(
  version: number,
  definition: MappingDefinition,
  fields: readonly PeopleField[],
): CompiledMapping {
  const known = new Map(fields.map((field) => [field.variable, field]));
  const { onlyIf, restoreArchived } = definition.rules ?? defaultRules;
  const expressions = new Expressions();
  const rule = onlyIf === null ? null : expressions.reader(onlyIf.expression);
  const entries = definition.entries.flatMap((entry) => {
    const field = known.get(entry.to);
    return field && entry.from.kind !== 'tracking' ? [{ field, read: readerOf(entry.from, expressions) }] : [];
  });
  const used = entries.map((entry) => entry.field);
  return {
    version,
    fields: used,
    uniqueFields: used.filter((field) => field.unique).map((field) => field.variable),
    syncKeys: definition.syncKeys,
    ruleName: onlyIf?.name ?? null,
    restoresArchived: restoreArchived,
    tracking: definition.entries.flatMap(({ to, from }) => (from.kind === 'tracking' ? [{ to, name: from.name }] : [])),
    evaluate: (users) => expressions.evaluate(users),
    map: (user, context) => (rule === null ? mapUser(entries, user, context) : mapByRule(rule, entries, user, context)),
  };
}

/** Expressions answer later, and a slice is mapped at once: their results wait here under the records they are of. */
class Expressions {
  private readonly compiled: Expression[] = [];
  private readonly results = new WeakMap<object, unknown[]>();

  reader(text: string): Reader {
    const index = this.compiled.push(compileExpression(text)) - 1;
    return (raw) => {
      const results = this.results.get(raw);
      if (results === undefined) throw new Error('a record is mapped before its expressions were evaluated');
      const result = results[index];
      if (result instanceof ValueFailure) throw result;
      return result;
    };
  }

  async evaluate(users: Iterable<RawUser>): Promise<void> {
    if (this.compiled.length === 0) return;
    for (const { raw } of users) {
      if (this.results.has(raw)) continue;
      const results: unknown[] = [];
      for (const expression of this.compiled) results.push(await expression.evaluate(raw).catch(failureOf));
      this.results.set(raw, results);
    }
  }
}

function failureOf(error: unknown): ValueFailure {
  if (error instanceof ValueFailure) return error;
  throw error;
}

function readerOf(from: Exclude<MappingSource, { kind: 'tracking' }>, expressions: Expressions): Reader {
  if (from.kind === 'constant') return () => from.value;
  const read = from.kind === 'field' ? readerOfPath(from.path) : expressions.reader(from.expression);
  return withTransforms(read, from.transforms ?? []);
}

function withTransforms(read: Reader, transforms: readonly Transform[]): Reader {
  return transforms.length === 0 ? read : (raw) => transformed(read(raw), transforms);
}

function mapByRule(rule: Reader, entries: readonly CompiledEntry[], user: RawUser, context: HashContext): MappedUser {
  try {
    return rule(user.raw) === true ? mapUser(entries, user, context) : { ok: 'skipped' };
  } catch (error) {
    if (!(error instanceof ValueFailure)) throw error;
    const message = `The rule of the mapping could not be decided for this user: ${error.message} Correct the rule.`;
    return { ok: false, code: 'rule-failed', message };
  }
}

const noFailures: readonly FieldFailure[] = [];

function mapUser(entries: readonly CompiledEntry[], user: RawUser, context: HashContext): MappedUser {
  const values: Values = {};
  let failures = noFailures;
  for (const { field, read } of entries) {
    const given = valueOf(read, user.raw);
    if (given instanceof ValueFailure) failures = [...failures, { to: field.variable, message: given.message }];
    const value = given instanceof ValueFailure ? null : convert(given, field);
    if (typeof value === 'object' && value !== null) return { ok: false, code: value.code, message: value.message };
    if (value === null && field.required) return missing(field, given);
    values[field.variable] = value;
  }
  const hashed = JSON.stringify([
    values,
    user.username,
    user.status,
    user.role,
    user.lastActivityAt,
    user.administrator,
    context.content,
    context.app,
    context.preference,
  ]);
  return { ok: true, values, hash: digest('sha1', hashed, 'base64'), failures };
}

function valueOf(read: Reader, raw: Record<string, unknown>): unknown {
  try {
    return read(raw);
  } catch (error) {
    if (error instanceof ValueFailure) return error;
    throw error;
  }
}

function missing(field: PeopleField, given: unknown): MappedUser {
  const why =
    given instanceof ValueFailure ? `it could not be made: ${given.message}` : 'the vendor gives none for it.';
  return {
    ok: false,
    code: 'required-value-missing',
    message: `${field.label} is required, but ${why} Fill it at the vendor or change the mapping.`,
  };
}
