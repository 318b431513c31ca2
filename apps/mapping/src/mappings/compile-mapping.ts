import { hash as digest } from 'node:crypto';

import {
  type MappingDefinition,
  type PeopleField,
  type RawUser,
  textLimits,
  type Value,
  type Values,
} from '@rollcall/contracts';

/** One user mapped, or the reason why he cannot be (B7). */
export type MappedUser =
  | { readonly ok: true; readonly values: Values; readonly hash: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

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
  /** Tracking fields that are mapped (R79): people field → value of the run. */
  readonly tracking: readonly { readonly to: string; readonly name: 'sync-time' | 'credential-name' }[];
  map(user: RawUser, context: HashContext): MappedUser;
}

interface CompiledEntry {
  readonly field: PeopleField;
  read(raw: Record<string, unknown>): unknown;
}

/**
 * Turns a version of a mapping into a function from a raw user to values. Paths are split once; the order of the
 * entries is fixed, so equal values give an equal hash.
 */
export function compileMapping(
  version: number,
  definition: MappingDefinition,
  fields: readonly PeopleField[],
): CompiledMapping {
  const known = new Map(fields.map((field) => [field.variable, field]));
  const entries = definition.entries.flatMap((entry) => {
    const field = known.get(entry.to);
    return field && entry.from.kind !== 'tracking' ? [{ field, read: readerOf(entry.from) }] : [];
  });
  const used = entries.map((entry) => entry.field);
  return {
    version,
    fields: used,
    uniqueFields: used.filter((field) => field.unique).map((field) => field.variable),
    syncKeys: definition.syncKeys,
    tracking: definition.entries.flatMap(({ to, from }) => (from.kind === 'tracking' ? [{ to, name: from.name }] : [])),
    map: (user, context) => mapUser(entries, user, context),
  };
}

function readerOf(from: { kind: 'field'; path: string } | { kind: 'constant'; value: string }): CompiledEntry['read'] {
  if (from.kind === 'constant') return () => from.value;
  const path = from.path.split('.');
  if (path.length === 1) {
    const name = path[0]!;
    return (raw) => (Object.hasOwn(raw, name) ? raw[name] : undefined);
  }
  return (raw) => {
    let value: unknown = raw;
    for (const name of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
      value = (value as Record<string, unknown>)[name];
    }
    return value;
  };
}

function mapUser(entries: readonly CompiledEntry[], user: RawUser, context: HashContext): MappedUser {
  const values: Values = {};
  for (const { field, read } of entries) {
    const value = convert(read(user.raw), field);
    if (typeof value === 'object' && value !== null) return { ok: false, code: value.code, message: value.message };
    if (value === null && field.required) {
      return {
        ok: false,
        code: 'required-value-missing',
        message: `${field.label} is required, but the vendor gives none for it. Fill it at the vendor or change the mapping.`,
      };
    }
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
  return { ok: true, values, hash: digest('sha1', hashed, 'base64') };
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A vendor value as a value of the field's type. Text is stored unchanged; empty text is no value. */
function convert(value: unknown, field: PeopleField): Value | Refusal {
  if (value === null || value === undefined || value === '') return null;
  switch (field.type) {
    case 'short-text':
    case 'long-text':
      return convertText(value, field, textLimits[field.type]);
    case 'date-time':
      return convertText(value, field, textLimits['short-text']);
    case 'number':
      return convertNumber(value, field);
    case 'boolean':
      return typeof value === 'boolean' ? value : wrongType(field, 'true or false');
  }
}

function convertText(value: unknown, field: PeopleField, limit: number): Value | Refusal {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return wrongType(field, 'text');
  }
  const text = String(value);
  if (text.length <= limit) return text;
  return {
    code: 'value-too-long',
    message: `The value for ${field.label} has ${text.length} characters, ${limit} are allowed. Shorten it at the vendor or map it to a longer field.`,
  };
}

function convertNumber(value: unknown, field: PeopleField): Value | Refusal {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : wrongType(field, 'a number');
}

function wrongType(field: PeopleField, wanted: string): Refusal {
  return {
    code: 'value-of-wrong-type',
    message: `The vendor's value for ${field.label} is not ${wanted}. Change the field's type or map another vendor field.`,
  };
}
