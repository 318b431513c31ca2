import type { FoldSettingsDocument, KeyKind } from '@rollcall/collections';
import { manifests } from '@rollcall/connectors/manifests';
import {
  builtInFields,
  type ConnectorManifest,
  isEmailField,
  type PeopleField,
  type Values,
} from '@rollcall/contracts';

/** A unique field and how its values are compared. */
export interface KeyField {
  readonly field: string;
  readonly kind: KeyKind;
}

const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Printable ASCII without a blank is its own normal form. */
const plain = /^[!-~]+$/;
const letterOrDigit = /[\p{L}\p{N}]/u;
/** Words that vendors and people write where there is no value. Nothing beyond this list is guessed. */
const placeholders: ReadonlySet<string> = new Set([
  'n/a',
  'none',
  'null',
  'undefined',
  'unknown',
  'not available',
  'not applicable',
]);
/** One at sign, and behind it a domain of at least two parts. Mailboxes in quotes are not worth their doubt. */
const address = /^[^\s@<>(),;:"]+@[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)+$/u;

/**
 * Key of a unique value, as stored in `people.keys` and compared: NFKC, without format characters, trimmed, and in lower
 * case unless the field tells case apart. Null where a value can be nobody's alone: no letter or digit, a placeholder,
 * or in a field for addresses no address.
 */
export function keyOf({ field, kind }: KeyField, value: unknown): string | null {
  const text = normal(String(value ?? ''));
  const folded = text.toLowerCase();
  if (!letterOrDigit.test(text) || placeholders.has(folded)) return null;
  if (kind === 'exact') return `${field}:${text}`;
  return kind === 'address' && !address.test(folded) ? null : `${field}:${folded}`;
}

function normal(text: string): string {
  return plain.test(text) ? text : text.normalize('NFKC').replace(invisible, '').trim();
}

/** Field → key for those of `fields` that have a value which can be one. */
export function keysOf(values: Values, fields: readonly KeyField[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const one of fields) {
    const key = keyOf(one, values[one.field]);
    if (key !== null) keys.set(one.field, key);
  }
  return keys;
}

/** The key as it was stored before fields could tell case apart; null where that is the same. */
export function earlierForm(key: string): string | null {
  const folded = key.toLowerCase();
  return folded === key ? null : folded;
}

/** Fields that connectors bring along and whose case counts: what is stored of them may be older than this mark. */
export function exactFieldsOf(all: readonly Pick<ConnectorManifest, 'defaultMapping'>[]): ReadonlySet<string> {
  const brought = all.flatMap(({ defaultMapping }) => defaultMapping.newFields);
  return new Set(brought.filter(({ caseSensitive }) => caseSensitive === true).map(({ variable }) => variable));
}

const exactFields = exactFieldsOf(Object.values(manifests));

export function kindOf(field: Pick<PeopleField, 'variable' | 'type' | 'caseSensitive'>): KeyKind {
  if (isEmailField(field)) return 'address';
  return (field.caseSensitive ?? exactFields.has(field.variable)) ? 'exact' : 'folded';
}

export const keyFieldOf = (field: PeopleField): KeyField => ({ field: field.variable, kind: kindOf(field) });

/** What settings hold that were stored before there were kinds. */
export const firstKeyKinds: Readonly<Record<string, KeyKind>> = Object.fromEntries([
  ...builtInFields.filter(({ unique }) => unique).map((field) => [field.variable, kindOf(field)] as const),
  ...[...exactFields].map((field) => [field, 'exact'] as const),
]);

/** The part of the fold settings that follows from the people fields (D1, D4). */
export function uniqueSettings(
  fields: readonly PeopleField[],
): Required<Pick<FoldSettingsDocument, 'uniqueFields' | 'keyKinds'>> {
  const unique = fields.filter((field) => field.unique);
  return {
    uniqueFields: unique.map(({ variable }) => variable).sort(),
    keyKinds: Object.fromEntries(unique.map((field) => [field.variable, kindOf(field)])),
  };
}

export function keyFieldsOf({
  uniqueFields,
  keyKinds = firstKeyKinds,
}: Pick<FoldSettingsDocument, 'uniqueFields' | 'keyKinds'>): KeyField[] {
  return uniqueFields.map((field) => ({ field, kind: keyKinds[field] ?? 'folded' }));
}
