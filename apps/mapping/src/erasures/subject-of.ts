import type {
  AccountDocument,
  ChangeDocument,
  ErasedAccountName,
  ErasureSubject,
  PersonDocument,
} from '@rollcall/collections';
import type { Values } from '@rollcall/contracts';

/** An id of a vendor that is as long as this is looked for in texts too; a shorter one only where it is a whole value. */
const longestCommonId = 5;

export interface ErasedRecords {
  readonly people: readonly PersonDocument[];
  readonly accounts: readonly Pick<AccountDocument, 'username' | 'values'>[];
  readonly changes: readonly ChangeDocument[];
  readonly names: readonly ErasedAccountName[];
  readonly uniqueFields: readonly string[];
}

/** What to look for everywhere, out of everything that the person and their accounts are or ever were. */
export function subjectOf({
  people,
  accounts,
  changes,
  names: accountNames,
  uniqueFields,
}: ErasedRecords): ErasureSubject {
  const names = new Set<string>();
  const values = new Set<string>();
  const unique = new Set(uniqueFields);
  const addAll = (record: Values) => {
    for (const [field, value] of Object.entries(record)) add(field, value);
    names.add(wholeName(record));
  };
  const add = (field: string, value: unknown) => {
    for (const text of textsOf(value)) (isName(field, text, unique) ? names : values).add(text);
  };
  for (const { values: own, overrides } of people) {
    addAll(own);
    for (const [field, { value }] of Object.entries(overrides)) add(field, value);
  }
  for (const { values: own, username } of accounts) {
    addAll(own);
    add('username', username);
  }
  for (const { after, changed } of changes) {
    addAll(after.values);
    if ('username' in after) add('username', after.username);
    for (const [path, old] of Object.entries(changed)) {
      if (path === 'username') add(path, old);
      else if (path.startsWith('values.')) add(path.slice('values.'.length), old);
      else if (path === 'overrides') for (const text of overriddenTexts(old)) values.add(text);
    }
  }
  for (const { vendorId } of accountNames) if (vendorId.length > longestCommonId) names.add(vendorId);
  names.delete('');
  return {
    people: people.map(({ _id }) => _id),
    accounts: [...accountNames],
    names: [...names],
    values: [...values].filter((value) => !names.has(value)),
  };
}

/** Which values name somebody: unique ones, addresses, and the names that people read. */
function isName(field: string, text: string, unique: ReadonlySet<string>): boolean {
  return unique.has(field) || field === 'username' || field === 'display_name' || text.includes('@');
}

function wholeName({ first_name: first, last_name: last }: Values): string {
  return typeof first === 'string' && typeof last === 'string' ? `${first} ${last}`.trim() : '';
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function overriddenTexts(overrides: unknown): string[] {
  if (typeof overrides !== 'object' || overrides === null) return [];
  return Object.values(overrides as Record<string, { value?: unknown }>).flatMap((one) => textsOf(one?.value));
}
