import type { AccountDocument, PersonDocument, PreviewLineDocument } from '@rollcall/collections';

import type { FoldReads } from '../people/fold-session.js';
import type { KnownAccount } from '../people/people-reads.repository.js';
import { lineId } from './preview-lines.js';

/** Reads of a slice: those of its folds, and the hashes that decide who is looked at. */
export interface SliceReads extends FoldReads {
  hashesOf(ids: readonly string[]): Promise<Map<string, KnownAccount>>;
}

/** Finds lines of one preview. */
export interface LineReads {
  byId(ids: readonly string[]): Promise<PreviewLineDocument[]>;
  byPerson(plan: string, people: readonly string[]): Promise<PreviewLineDocument[]>;
  /** Lines of accounts that wait, and may belong to one of these people. */
  byCandidate(plan: string, people: readonly string[]): Promise<PreviewLineDocument[]>;
  byKey(planKeys: readonly string[]): Promise<PreviewLineDocument[]>;
  /** Lines of accounts with one of these keys that their person would not hold; a few. */
  byOtherKey(plan: string, keys: readonly string[]): Promise<PreviewLineDocument[]>;
}

/**
 * The records as they would be after what a preview has planned so far: its own lines first, then what is stored (E6).
 * Remembers the lines that it met, so that a record changed twice becomes one line.
 */
export class PreviewReads implements SliceReads {
  readonly earlier = new Map<string, PreviewLineDocument>();

  constructor(
    private readonly plan: string,
    private readonly lines: LineReads,
    private readonly stored: SliceReads,
  ) {}

  async hashesOf(ids: readonly string[]): Promise<Map<string, KnownAccount>> {
    const [hashes, lines] = await Promise.all([this.stored.hashesOf(ids), this.linesOf('account', ids)]);
    for (const { record, after } of lines) hashes.set(record, after as AccountDocument);
    return hashes;
  }

  async accountsById(ids: readonly string[]): Promise<AccountDocument[]> {
    return this.planned('account', await this.stored.accountsById(ids), await this.linesOf('account', ids));
  }

  async peopleById(ids: readonly string[]): Promise<PersonDocument[]> {
    return this.planned('person', await this.stored.peopleById(ids), await this.linesOf('person', ids));
  }

  async accountsOfPeople(people: readonly string[]): Promise<AccountDocument[]> {
    const found = await this.stored.accountsOfPeople(people);
    const moved = this.note(await this.lines.byPerson(this.plan, people));
    const lines = await this.linesOf(
      'account',
      found.map(({ _id }) => _id),
    );
    const accounts = this.planned<AccountDocument>('account', found, [...lines, ...moved]);
    const wanted = new Set(people);
    return accounts.filter(({ person }) => person !== null && wanted.has(person));
  }

  async accountsWaitingFor(people: readonly string[]): Promise<AccountDocument[]> {
    const found = await this.stored.accountsWaitingFor(people);
    const waiting = this.note(await this.lines.byCandidate(this.plan, people));
    const lines = await this.linesOf(
      'account',
      found.map(({ _id }) => _id),
    );
    const accounts = this.planned<AccountDocument>('account', found, [...lines, ...waiting]);
    return accounts.filter(
      ({ person, error }) => person === null && error?.candidates?.some((id) => people.includes(id)),
    );
  }

  async accountsWithOtherKeys(keys: readonly string[]): Promise<AccountDocument[]> {
    const found = await this.stored.accountsWithOtherKeys(keys);
    const planned = this.note(await this.lines.byOtherKey(this.plan, keys));
    const lines = await this.linesOf(
      'account',
      found.map(({ _id }) => _id),
    );
    const accounts = this.planned<AccountDocument>('account', found, [...lines, ...planned]);
    return accounts.filter(({ active, otherKeys }) => active && otherKeys?.some((key) => keys.includes(key)));
  }

  async peopleByKey(keys: readonly string[]): Promise<PersonDocument[]> {
    const found = await this.stored.peopleByKey(keys);
    const taken = this.note(await this.lines.byKey(keys.map((key) => `${this.plan}/${key}`)));
    const lines = await this.linesOf(
      'person',
      found.map(({ _id }) => _id),
    );
    const people = this.planned<PersonDocument>('person', found, [...lines, ...taken]);
    const wanted = new Set(keys);
    return people.filter((person) => person.keys?.some((key) => wanted.has(key)));
  }

  private async linesOf(kind: PreviewLineDocument['kind'], records: readonly string[]): Promise<PreviewLineDocument[]> {
    return this.note(await this.lines.byId(records.map((record) => lineId(this.plan, kind, record))));
  }

  private note(lines: PreviewLineDocument[]): PreviewLineDocument[] {
    for (const line of lines) this.earlier.set(line._id, line);
    return lines;
  }

  /** Lines stand before stored records; each record comes once. */
  private planned<Document extends AccountDocument | PersonDocument>(
    kind: PreviewLineDocument['kind'],
    stored: readonly Document[],
    lines: readonly PreviewLineDocument[],
  ): Document[] {
    const records = new Map(stored.map((document) => [document._id, document]));
    for (const line of lines) if (line.kind === kind) records.set(line.record, line.after as Document);
    return [...records.values()];
  }
}
