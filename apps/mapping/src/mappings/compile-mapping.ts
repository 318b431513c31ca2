import { hash as digest } from 'node:crypto';

import { PathError, readerOfPath } from '@rollcall/connector-kit';
import {
  defaultMatchingRules,
  defaultRules,
  hasVisibleCharacter,
  type MappingDefinition,
  type MappingSource,
  type MatchingRules,
  type PeopleField,
  type RawUser,
  type Transform,
  type Values,
} from '@rollcall/contracts';

import type { ExpressionEvaluator } from '../expressions/process-of-expressions.js';
import { ValueFailure } from '../expressions/value-failure.js';
import { convert, type Refusal } from '../fields/convert-value.js';
import { type KeyField, keyFieldOf, keysOf } from '../people/keys.js';
import { MappingExpressions, type Reader } from './mapping-expressions.js';
import { transformed } from './transforms.js';

/** A field that could not be made of this record; the others are written (bad input of one field stops no user). */
export interface FieldFailure {
  readonly to: string;
  readonly code: ValueFailure['code'] | 'value-of-wrong-type';
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
  /** Never throws: what cannot be made of a user is told of that user. */
  map(user: RawUser, context: HashContext): MappedUser;
}

interface CompiledEntry {
  readonly field: PeopleField;
  readonly read: Reader;
}

/**
 * Turns a version of a mapping into a function from a raw user to values. Paths are split once; the order of the
 * entries is fixed, so equal values give an equal hash. Versions stay for ever, and what may be saved changes: a path or
 * an expression that would not be taken today fails for every user, and nothing throws.
 */
export function compileMapping(
  version: number,
  definition: MappingDefinition,
  fields: readonly PeopleField[],
  evaluator: ExpressionEvaluator,
): CompiledMapping {
  const known = new Map(fields.map((field) => [field.variable, field]));
  const { onlyIf, restoreArchived } = definition.rules ?? defaultRules;
  const expressions = new MappingExpressions(evaluator);
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
    map: (user, context) => {
      // The connector could not take the record, so there is nothing to map and nothing for a rule to look at.
      if (user.problem !== undefined) return rejected(user, context, user.problem.code, user.problem.message);
      try {
        return (rule === null ? null : refusedByRule(rule, user, context)) ?? mapUser(entries, unique, user, context);
      } catch {
        return unmappable(user, context);
      }
    },
  };
}

/** In the place of a version that does not exist. Users whom it rejects count as seen, so nobody is missed for it. */
export function missingMapping(version: number): CompiledMapping {
  const code = 'mapping-missing';
  const message = `Version ${version} of the mapping does not exist. Save the mapping again and start the run again.`;
  return {
    version,
    fields: [],
    keyFields: [],
    syncKeys: [],
    matching: defaultMatchingRules,
    ruleName: null,
    restoresArchived: false,
    tracking: [],
    evaluate: async () => undefined,
    map: (user, context) => rejected(user, context, code, message),
  };
}

function unmappable(user: RawUser, context: HashContext): RefusedUser {
  const message = 'The record of the vendor has a form that no mapping can take. Look at it at the vendor.';
  return rejected({ ...user, role: null }, context, 'record-not-mappable', message);
}

function rejected(user: RawUser, context: HashContext, code: string, message: string): RefusedUser {
  const hash = hashOf(user, context, [code]);
  return { ok: false, outcome: 'rejected', code, message, values: {}, hash, bringsBack: false };
}

function readerOf(from: Exclude<MappingSource, { kind: 'tracking' }>, expressions: MappingExpressions): Reader {
  if (from.kind === 'constant') return () => from.value;
  const read = from.kind === 'field' ? fieldReader(from) : expressions.reader(from.expression);
  return withTransforms(read, from.transforms ?? []);
}

function pathReader(path: string): Reader {
  try {
    return readerOfPath(path);
  } catch (error) {
    if (!(error instanceof PathError)) throw error;
    return () => {
      throw new ValueFailure(error.message);
    };
  }
}

function fieldReader({ path, fallbackPath }: Extract<MappingSource, { kind: 'field' }>): Reader {
  const read = pathReader(path);
  if (fallbackPath === undefined) return read;
  const instead = pathReader(fallbackPath);
  return (raw) => {
    const value = read(raw);
    return isNothing(value) ? instead(raw) : value;
  };
}

/** What would be no value in any field. */
function isNothing(value: unknown): boolean {
  return typeof value === 'string' ? !hasVisibleCharacter(value) : value === undefined || value === null;
}

function withTransforms(read: Reader, transforms: readonly Transform[]): Reader {
  return transforms.length === 0 ? read : (raw) => transformed(read(raw), transforms);
}

/** Null: the rule lets the record through. */
function refusedByRule(rule: Reader, user: RawUser, context: HashContext): RefusedUser | null {
  const decided = valueOf(rule, user.raw);
  if (decided === true) return null;
  if (!(decided instanceof ValueFailure)) {
    const hash = hashOf(user, context, ['skipped']);
    return { ok: false, outcome: 'skipped', code: 'skipped', message: '', values: {}, hash, bringsBack: false };
  }
  const message = `The rule of the mapping could not be decided for this user: ${decided.message} Correct the rule.`;
  return rejected(user, context, 'rule-failed', message);
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
    else if (code !== 'value-of-wrong-type') this.refusal ??= missing(field, `it could not be made: ${message}`);
    else this.refusal ??= { code, message: `${field.label} is required. ${message} Map another vendor field.` };
  }
}

const isEmpty = (given: unknown): boolean => given === null || given === undefined || given === '';

type Failed = Refusal | { readonly code: ValueFailure['code']; readonly message: string };

const failed = ({ code, message }: ValueFailure): Failed => ({ code, message });

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
    return error instanceof ValueFailure ? error : new ValueFailure('The value of the vendor has another form.');
  }
}

function missing({ label }: PeopleField, why: string): { readonly code: string; readonly message: string } {
  const message = `${label} is required, but ${why} Fill it at the vendor or change the mapping.`;
  return { code: 'required-value-missing', message };
}
