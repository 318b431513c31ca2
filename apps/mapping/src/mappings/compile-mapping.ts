import { hash as digest } from 'node:crypto';

import {
  defaultMatchingRules,
  defaultRules,
  type MappingDefinition,
  type MappingSource,
  type MatchingRules,
  type PeopleField,
  type RawUser,
  type Transform,
  type Values,
} from '@rollcall/contracts';

import { type KeyField, keyFieldOf, keysOf } from '../people/keys.js';
import { convert, type Refusal } from './convert-value.js';
import { compileExpression, type Expression } from './expressions.js';
import { readerOfPath } from './paths.js';
import { transformed, ValueFailure } from './transforms.js';

/** A field that could not be made of this record; the others are written (bad input of one field stops no user). */
export interface FieldFailure {
  readonly to: string;
  readonly code: 'mapping-failed' | 'value-of-wrong-type';
  readonly message: string;
}

export interface WrittenUser {
  readonly ok: true;
  readonly values: Values;
  /** Unique field → key. */
  readonly keys: ReadonlyMap<string, string>;
  readonly hash: string;
  readonly failures: readonly FieldFailure[];
  /** Unique fields with a value that can be no key (D4), by which nobody is found. */
  readonly keyless: readonly PeopleField[];
}

/** Passed over by the rule (R61), or rejected for a reason (B7): what the vendor says of the account counts all the same. */
export interface RefusedUser {
  readonly ok: false;
  readonly outcome: 'skipped' | 'rejected';
  readonly code: string;
  readonly message: string;
  /** Those that could be made: they are not written, and say who it is. */
  readonly values: Values;
  readonly hash: string;
  readonly bringsBack: boolean;
}

export type MappedUser = WrittenUser | RefusedUser;

/** What besides the values decides whether an account has to be written (B8). */
export interface HashContext {
  readonly content: string;
  readonly app: string | null;
  readonly preference: string;
}

export interface CompiledMapping {
  readonly version: number;
  readonly fields: readonly PeopleField[];
  /** Its unique fields. */
  readonly keyFields: readonly KeyField[];
  readonly syncKeys: readonly KeyField[];
  readonly matching: MatchingRules;
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
  const fieldsOfKeys = used.filter((field) => field.unique);
  const unique = { fields: fieldsOfKeys, keyFields: fieldsOfKeys.map(keyFieldOf) };
  return {
    version,
    fields: used,
    keyFields: unique.keyFields,
    syncKeys: definition.syncKeys.flatMap((key) => {
      const field = known.get(key);
      return field === undefined ? [] : [keyFieldOf(field)];
    }),
    matching: definition.matching ?? defaultMatchingRules,
    ruleName: onlyIf?.name ?? null,
    restoresArchived: restoreArchived,
    tracking: definition.entries.flatMap(({ to, from }) => (from.kind === 'tracking' ? [{ to, name: from.name }] : [])),
    evaluate: (users) => expressions.evaluate(users),
    map: (user, context) =>
      (rule === null ? null : refusedByRule(rule, user, context)) ?? mapUser(entries, unique, user, context),
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

/** Null: the rule lets the record through. */
function refusedByRule(rule: Reader, user: RawUser, context: HashContext): RefusedUser | null {
  const refused = { ok: false, values: {}, bringsBack: false } as const;
  try {
    if (rule(user.raw) === true) return null;
    const hash = hashOf(user, context, ['skipped']);
    return { ...refused, outcome: 'skipped', code: 'skipped', message: '', hash };
  } catch (error) {
    if (!(error instanceof ValueFailure)) throw error;
    const message = `The rule of the mapping could not be decided for this user: ${error.message} Correct the rule.`;
    const hash = hashOf(user, context, ['rule-failed']);
    return { ...refused, outcome: 'rejected', code: 'rule-failed', message, hash };
  }
}

const noFailures: readonly FieldFailure[] = [];
const noFields: readonly PeopleField[] = [];

function mapUser(
  entries: readonly CompiledEntry[],
  unique: { readonly fields: readonly PeopleField[]; readonly keyFields: readonly KeyField[] },
  user: RawUser,
  context: HashContext,
): MappedUser {
  const made = new MadeValues();
  for (const { field, read } of entries) made.add(field, valueOf(read, user.raw));
  const { values, failures, refusal, emptied } = made;
  if (refusal !== null) {
    const hash = hashOf(user, context, ['rejected', refusal.code]);
    return { ok: false, outcome: 'rejected', ...refusal, values, hash, bringsBack: true };
  }
  const keys = keysOf(values, unique.keyFields);
  const isWhole = keys.size === unique.fields.length;
  const keyless = isWhole ? noFields : unique.fields.filter((field) => isKeyless(field, values, keys));
  return { ok: true, values, keys, hash: hashOf(user, context, emptied, values), failures, keyless };
}

function isKeyless({ variable }: PeopleField, values: Values, keys: ReadonlyMap<string, string>): boolean {
  return values[variable] !== null && !keys.has(variable);
}

/** Values of one record as they are made, and what stands against writing them. */
class MadeValues {
  readonly values: Values = {};
  failures = noFailures;
  refusal: { readonly code: string; readonly message: string } | null = null;
  /**
   * Fields of which the vendor gives something that is no value, with a mark those that failed: a record that gives
   * nothing is another one, because it empties what a failure keeps.
   */
  readonly emptied: string[] = [];

  add(field: PeopleField, given: unknown): void {
    const { variable } = field;
    const result = given instanceof ValueFailure ? failed(given) : convert(given, field);
    if (typeof result !== 'object' || result === null) {
      this.values[variable] = result;
      if (result !== null) return;
      if (!isEmpty(given)) this.emptied.push(variable);
      if (field.required) this.refusal ??= missing(field, 'the vendor gives none for it.');
      return;
    }
    this.values[variable] = null;
    this.emptied.push(`${variable}!`);
    this.fail(field, result);
  }

  private fail(field: PeopleField, { code, message }: Failed): void {
    if (code === 'value-too-long') this.refusal ??= { code, message };
    else if (!field.required) this.failures = [...this.failures, { to: field.variable, code, message }];
    else if (code === 'mapping-failed') this.refusal ??= missing(field, `it could not be made: ${message}`);
    else this.refusal ??= { code, message: `${field.label} is required. ${message} Map another vendor field.` };
  }
}

const isEmpty = (given: unknown): boolean => given === null || given === undefined || given === '';

type Failed = Refusal | { readonly code: 'mapping-failed'; readonly message: string };

const failed = ({ message }: ValueFailure): Failed => ({ code: 'mapping-failed', message });

function hashOf(
  { username, status, role, lastActivityAt, administrator }: RawUser,
  { content, app, preference }: HashContext,
  marks: readonly string[],
  values: Values | null = null,
): string {
  const parts = [values, username, status, role, lastActivityAt, administrator, content, app, preference];
  return digest('sha1', JSON.stringify(marks.length === 0 ? parts : [...parts, marks]), 'base64');
}

function valueOf(read: Reader, raw: Record<string, unknown>): unknown {
  try {
    return read(raw);
  } catch (error) {
    if (error instanceof ValueFailure) return error;
    throw error;
  }
}

function missing({ label }: PeopleField, why: string): { readonly code: string; readonly message: string } {
  const message = `${label} is required, but ${why} Fill it at the vendor or change the mapping.`;
  return { code: 'required-value-missing', message };
}
