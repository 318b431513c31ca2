import { isDeepStrictEqual } from 'node:util';

import type { AccountDocument } from '@rollcall/collections';
import type { Values } from '@rollcall/contracts';

import { type KeyField, keyOf } from './keys.js';

/**
 * The account with the keys of its values that its person does not hold; the very same account where nothing changes.
 * @param values the person's, as they are folded: a value that they share with the account is no other key
 */
export function withOtherKeys(
  account: AccountDocument,
  values: Values,
  keyFields: readonly KeyField[],
): AccountDocument {
  const keys: string[] = [];
  for (const field of keyFields) {
    const own = account.values[field.field] ?? null;
    if (own === null || own === values[field.field]) continue;
    const key = keyOf(field, own);
    if (key !== null && key !== keyOf(field, values[field.field])) keys.push(key);
  }
  // Nearly all accounts have none and had none.
  if (keys.length === 0 && account.otherKeys === undefined) return account;
  const { otherKeys, ...rest } = account;
  if (isDeepStrictEqual(keys, otherKeys)) return account;
  return keys.length === 0 ? rest : { ...rest, otherKeys: keys };
}
