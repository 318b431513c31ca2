import type { PersonDocument } from '@rollcall/collections';

import { earlierForm, type KeyField, keyOf } from './keys.js';

/**
 * Whose a key is, of the people who were loaded. A key whose case counts may still be stored in lower case, from before
 * fields had that mark: so it is looked for in both forms, and belongs to whom whose value makes it.
 */
export class KeyOwners {
  private readonly owners = new Map<string, PersonDocument>();
  /** Of people who are being made: whoever the database knows comes first, and is still asked for. */
  private readonly made = new Map<string, PersonDocument>();
  private readonly asked = new Set<string>();
  private readonly exact: ReadonlyMap<string, KeyField>;

  constructor(keyFields: readonly KeyField[]) {
    this.exact = new Map(keyFields.filter(({ kind }) => kind === 'exact').map((one) => [one.field, one]));
  }

  /** Somebody whom the database knows. */
  add(person: PersonDocument): void {
    for (const key of person.keys ?? []) this.owners.set(key, person);
  }

  /** Somebody who is being made: they take nothing from anybody who is known. */
  addNew(person: PersonDocument, keys: Iterable<string>): void {
    for (const key of keys) if (!this.made.has(key)) this.made.set(key, person);
  }

  of(key: string): PersonDocument | undefined {
    const field = this.exact.get(key.slice(0, key.indexOf(':')));
    if (field === undefined) return this.ownerBy(key);
    return [key, ...this.earlierForms(key)]
      .map((form) => this.ownerBy(form))
      .find((owner) => owner !== undefined && keyOf(field, owner.values[field.field]) === key);
  }

  /** Those of `keys`, in all forms in which they may be stored, that nobody was asked for; they count as asked from now on. */
  unasked(keys: readonly string[]): string[] {
    const forms = new Set(keys.flatMap((key) => [key, ...this.earlierForms(key)]));
    const unknown = [...forms].filter((key) => !this.asked.has(key) && !this.owners.has(key));
    for (const key of unknown) this.asked.add(key);
    return unknown;
  }

  private ownerBy(form: string): PersonDocument | undefined {
    return this.owners.get(form) ?? this.made.get(form);
  }

  private earlierForms(key: string): string[] {
    const earlier = this.exact.has(key.slice(0, key.indexOf(':'))) ? earlierForm(key) : null;
    return earlier === null ? [] : [earlier];
  }
}
