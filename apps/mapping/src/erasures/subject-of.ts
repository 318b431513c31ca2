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
export function subjectOf(records: ErasedRecords): ErasureSubject {
  const texts = new Texts(new Set(records.uniqueFields));
  for (const { values, overrides } of records.people) {
    texts.addRecord(values);
    for (const [field, { value }] of Object.entries(overrides)) texts.add(field, value);
  }
  for (const { values, username } of records.accounts) {
    texts.addRecord(values);
    texts.add('username', username);
  }
  for (const change of records.changes) addChange(texts, change);
  const { names } = texts;
  for (const { vendorId } of records.names) if (vendorId.length > longestCommonId) names.add(vendorId);
  names.delete('');
  return {
    people: records.people.map(({ _id }) => _id),
    accounts: [...records.names],
    names: [...names],
    values: [...texts.values].filter((value) => !names.has(value)),
  };
}

class Texts {
  readonly names = new Set<string>();
  readonly values = new Set<string>();

  constructor(private readonly unique: ReadonlySet<string>) {}

  add(field: string, value: unknown): void {
    for (const text of textsOf(value)) (isName(field, text, this.unique) ? this.names : this.values).add(text);
  }

  addRecord(record: Values): void {
    for (const [field, value] of Object.entries(record)) this.add(field, value);
    this.names.add(wholeName(record));
  }
}

function addChange(texts: Texts, { after, changed }: ChangeDocument): void {
  texts.addRecord(after.values);
  if ('username' in after) texts.add('username', after.username);
  for (const [path, old] of Object.entries(changed)) {
    if (path === 'username') texts.add(path, old);
    else if (path.startsWith(valuePrefix)) texts.add(path.slice(valuePrefix.length), old);
    else if (path === 'overrides') for (const [field, value] of overriddenValues(old)) texts.add(field, value);
  }
}

const valuePrefix = 'values.';

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

function overriddenValues(overrides: unknown): [string, unknown][] {
  if (typeof overrides !== 'object' || overrides === null) return [];
  return Object.entries(overrides as Record<string, { value?: unknown }>).map(([field, one]) => [field, one?.value]);
}
