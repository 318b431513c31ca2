import type { Account, Attributes } from '../../company/account.js';
import { STORED_PROPERTIES } from './account-shape.js';
import { PROPERTIES, unsetValue } from './properties.js';

interface Projected {
  /** The stored text that it was made from; another one means that the account changed. */
  readonly json: string;
  readonly text: string;
}

/** More select lists at once than any client has; a fuzzer must not fill the memory. */
const MOST_LISTS = 16;

/** The wire text of users under a select list, made once per account and list. */
export class Projections {
  private readonly lists = new Map<string, WeakMap<Account, Projected>>();

  texts(accounts: readonly Account[], select: readonly string[]): string[] {
    const known = this.listOf(select.join(','));
    return accounts.map((account) => {
      const found = known.get(account);
      if (found?.json === account.json) return found.text;
      const text = project(account.json, select);
      known.set(account, { json: account.json, text });
      return text;
    });
  }

  private listOf(key: string): WeakMap<Account, Projected> {
    let known = this.lists.get(key);
    if (!known) {
      if (this.lists.size >= MOST_LISTS) this.lists.clear();
      this.lists.set(key, (known = new WeakMap()));
    }
    return known;
  }
}

/**
 * The selected properties of a stored user, in the order of the list. Planted text that JSON values cannot say is served
 * as it is; properties that no user has come along, because somebody put them there to be seen.
 */
export function project(json: string, select: readonly string[]): string {
  const attributes = plainObject(json);
  if (attributes === null) return json;
  const shown: Attributes = {};
  for (const name of select) {
    if (Object.hasOwn(attributes, name)) shown[name] = attributes[name];
    else if (!STORED_PROPERTIES.has(name)) shown[name] = unsetValue(name);
  }
  for (const name of Object.keys(attributes)) {
    if (!PROPERTIES.has(name)) shown[name] = attributes[name];
  }
  return JSON.stringify(shown);
}

/** Null for what is no object, or would be another text when written again. */
function plainObject(json: string): Attributes | null {
  try {
    const value: unknown = JSON.parse(json);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && JSON.stringify(value) === json ? (value as Attributes) : null;
  } catch {
    return null;
  }
}
