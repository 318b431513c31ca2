import type { PersonDocument } from '@rollcall/collections';

/** How a person is named to people. */
export function personName({ _id, values }: Pick<PersonDocument, '_id' | 'values'>): string {
  return String(values['display_name'] ?? values['email'] ?? values['username'] ?? _id);
}
