import { Injectable } from '@nestjs/common';
import type { UndoCursor } from '@rollcall/collections';

import type { PastChange } from './record-history.js';
import { UndoRepository } from './undo.repository.js';

/** Part of what a run did, as large as one transaction takes. */
export interface UndoPage {
  /** Account → the first change that the run made to it, or null where the run made the account. */
  readonly accounts: ReadonlyMap<string, PastChange | null>;
  /** Lines that the page counts for, those included that are met again. */
  readonly lines: number;
  /** Where the next page begins. */
  readonly next: UndoCursor;
}

export const firstCursor: UndoCursor = { part: 'creations', after: '' };
const firstChange: UndoCursor = { part: 'changes', after: '' };
export const firstKey: UndoCursor = { part: 'keys', after: '' };

/** What is read and never changes while an undo goes on. */
export interface UndoSource {
  readonly run: string;
  readonly integration: string;
  /** Position of the undo; null for a preview, which has none. */
  readonly position: string | null;
}

/**
 * What a run did, page by page in an order that stays: first the accounts that it made, so that their unique values are
 * free again, then what it changed.
 */
@Injectable()
export class UndoPages {
  constructor(private readonly repository: UndoRepository) {}

  /**
   * @param before accounts of the page before, which are being undone right now: the run may have changed one twice
   * @returns null at the end
   */
  async page(
    source: UndoSource,
    cursor: UndoCursor,
    before: ReadonlySet<string>,
    limit: number,
  ): Promise<UndoPage | null> {
    if (cursor.part === 'creations') {
      const made = await this.repository.accountsMadeBy(source.run, source.integration, cursor.after, limit);
      if (made.length === 0) return this.page(source, firstChange, before, limit);
      const next = { part: 'creations' as const, after: made.at(-1)! };
      return { accounts: new Map(made.map((account) => [account, null])), lines: made.length, next };
    }
    if (cursor.part === 'keys') return null;
    const changes = await this.repository.changesOf(source.run, cursor.after, source.position, limit);
    if (changes.length === 0) return null;
    const accounts = new Map<string, PastChange>();
    for (const change of changes) {
      if (!before.has(change.record) && !accounts.has(change.record)) accounts.set(change.record, change);
    }
    return { accounts, lines: changes.length, next: { part: 'changes', after: changes.at(-1)!._id } };
  }
}
