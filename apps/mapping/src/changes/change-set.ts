import { isDeepStrictEqual } from 'node:util';

import type { AccountDocument, ChangeDocument, PersonDocument } from '@rollcall/collections';
import type { Cause, Created } from '@rollcall/contracts';

import { neverUsed } from './never-used.js';
import {
  changedFields,
  changeOf,
  eventOfChange,
  eventOfCreation,
  publishedAccount,
  publishedPerson,
  type RecordEvent,
} from './record-change.js';

export interface Replacement<Document> {
  readonly before: Document;
  readonly after: Document;
}

/** What a change is made under: position, time of the transaction, cause. Numbers rise within a position (C1). */
export interface ChangeOrigin {
  readonly position: string;
  readonly time: string;
  readonly cause: Cause;
}

/**
 * What one transaction writes to accounts and people, with the changes and events that follow from it. Knows the
 * revision-1 rule (C2) and nothing of where the records come from.
 */
export class ChangeSet {
  readonly insertedAccounts: AccountDocument[] = [];
  readonly replacedAccounts: Replacement<AccountDocument>[] = [];
  readonly insertedPeople: PersonDocument[] = [];
  readonly replacedPeople: Replacement<PersonDocument>[] = [];
  readonly changes: ChangeDocument[] = [];
  readonly events: RecordEvent[] = [];
  private readonly numbers = new Map<string, number>();

  constructor(private readonly firstNumber = 0) {}

  get isEmpty(): boolean {
    return (
      this.insertedAccounts.length + this.replacedAccounts.length === 0 &&
      this.insertedPeople.length + this.replacedPeople.length === 0
    );
  }

  /** Keys that people held and give up. */
  releasedKeys(): string[] {
    return this.replacedPeople.flatMap(({ before, after }) => {
      const kept = new Set(after.keys);
      return (before.keys ?? []).filter((key) => !kept.has(key));
    });
  }

  /** Next free place under an origin, for a record that is about to be created. */
  place(origin: ChangeOrigin): Created {
    const number = this.numbers.get(origin.position) ?? this.firstNumber;
    this.numbers.set(origin.position, number + 1);
    return { position: origin.position, number, time: origin.time, cause: origin.cause };
  }

  insertAccount(account: AccountDocument): void {
    this.insertedAccounts.push({ ...account, neverUsed: neverUsed(account) });
    this.announce(eventOfCreation('account', publishedAccount(account)));
  }

  insertPerson(person: PersonDocument): void {
    this.insertedPeople.push(person);
    this.announce(eventOfCreation('person', publishedPerson(person)));
  }

  /**
   * Replaces an account. Published fields that differ make a revision with its change and event; else only hash, time of
   * observation and other keys are written. Returns what will be stored.
   */
  replaceAccount(before: AccountDocument, draft: AccountDocument, origin: ChangeOrigin): AccountDocument {
    const old = publishedAccount(before);
    const next = publishedAccount(draft);
    if (Object.keys(changedFields(old, next)).length === 0) {
      const after = { ...draft, revision: before.revision };
      if (
        after.hash !== before.hash ||
        after.observedAt !== before.observedAt ||
        after.observedBy !== before.observedBy ||
        !isDeepStrictEqual(after.otherKeys, before.otherKeys)
      ) {
        this.replacedAccounts.push({ before, after });
      }
      return after;
    }
    const changed = { time: origin.time, cause: origin.cause };
    const after = { ...draft, revision: before.revision + 1, changed, neverUsed: neverUsed(draft) };
    if (before.revision === 1) this.changes.push(changeOf('account', null, old, before.created));
    this.record(changeOf('account', old, publishedAccount(after), this.place(origin)));
    this.replacedAccounts.push({ before, after });
    return after;
  }

  /** Replaces a person and always counts up `fold`, so that concurrent folds of them notice each other (B13). */
  replacePerson(before: PersonDocument, draft: PersonDocument, origin: ChangeOrigin): PersonDocument {
    const old = publishedPerson(before);
    const differs = Object.keys(changedFields(old, publishedPerson(draft))).length > 0;
    const after = { ...draft, fold: before.fold + 1, revision: before.revision + (differs ? 1 : 0) };
    if (differs) {
      after.changed = { time: origin.time, cause: origin.cause };
      if (before.revision === 1) this.changes.push(changeOf('person', null, old, before.created));
      this.record(changeOf('person', old, publishedPerson(after), this.place(origin)));
    }
    this.replacedPeople.push({ before, after });
    return after;
  }

  private record(change: ChangeDocument): void {
    this.changes.push(change);
    this.announce(eventOfChange(change));
  }

  private announce(event: RecordEvent | null): void {
    if (event) this.events.push(event);
  }
}
