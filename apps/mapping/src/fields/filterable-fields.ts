import { alwaysIndexed } from '@rollcall/collections';
import type { PeopleField } from '@rollcall/contracts';

import { tooManyFilterable } from './fields.errors.js';

/** Each costs something with every person who is written, and a collection has room for 64 indexes in all. */
export const mostFilterable = 16;

const isAlways: ReadonlySet<string> = new Set(alwaysIndexed);

/** Variables of the fields that somebody marked, beside those that have an index in every installation. */
export function markedFields(fields: readonly Pick<PeopleField, 'variable' | 'filterable'>[]): string[] {
  return fields.flatMap(({ variable, filterable }) => (filterable && !isAlways.has(variable) ? [variable] : []));
}

/**
 * @param fields all of them, as they would be
 * @throws AppError too-many-filterable-fields
 */
export function refuseTooManyFilterable(fields: readonly PeopleField[]): void {
  if (markedFields(fields).length > mostFilterable) throw tooManyFilterable(mostFilterable);
}
