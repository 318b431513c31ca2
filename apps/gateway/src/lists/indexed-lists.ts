import { randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import {
  type CollectionDefinition,
  cursorKeys,
  Databases,
  existingIndexes,
  type FilterNode,
  keyOfIndex,
  type ListIndex,
  ListPage,
  readFilter,
  type RecordOf,
  recordOf,
  SignedCursors,
  smallCollection,
} from '@rollcall/collections';
import type { Page } from '@rollcall/contracts';

import { fieldOfPath, type IndexedList, indexedNames, orderOf } from './indexed-list.js';

/** What a client asks of a list. */
export interface ListCall {
  readonly filter?: string | undefined;
  readonly sort?: string | undefined;
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
  readonly include?: 'total' | undefined;
}

/** For so long the indexes of a collection are taken for what they were. */
const indexesAreKnownMs = 5_000;

/** Lists of collections too large to be looked through: every page comes from an index, or the question is refused. */
@Injectable()
export class IndexedLists {
  private key: Buffer | null = null;
  private readonly known = new Map<string, { readonly at: number; readonly keys: ReadonlySet<string> }>();

  constructor(private readonly databases: Databases) {}

  /**
   * @param also further conditions, which follow from the caller, the name of the list or `q`
   * @throws PagingError
   */
  async page<Doc extends { _id: string }>(
    definition: CollectionDefinition<Doc>,
    list: IndexedList,
    call: ListCall,
    also: readonly FilterNode[] = [],
  ): Promise<Page<RecordOf<Doc>>> {
    const asked = call.filter === undefined ? [] : [readFilter(call.filter, list)];
    const parts = [...also, ...asked];
    const sort = orderOf(call.sort, list);
    const indexes = await this.ready(definition as unknown as CollectionDefinition, list.indexes);
    const question = JSON.stringify([list.name, call.filter ?? null, call.sort ?? null, call.q ?? null]);
    const page = new ListPage<Doc>(
      this.databases.collection(definition) as never,
      {
        filter: parts.length === 0 ? null : { kind: 'and', parts },
        always: list.always,
        sort,
        limit: call.limit,
        cursor: call.cursor,
        countTotal: call.include === 'total',
        indexes,
        typeOf: (path) => fieldOfPath(path, list),
        indexed: indexedNames(list, indexes),
      },
      new SignedCursors(await this.cursorKey(), question),
    );
    const { items, page: place } = await page.read();
    return { items: items.map((item) => recordOf(item)), page: place };
  }

  /** Of the wanted indexes those that are there: mapping makes them, and takes its time where there are many records. */
  private async ready(definition: CollectionDefinition, wanted: readonly ListIndex[]): Promise<ListIndex[]> {
    const { name } = definition;
    let known = this.known.get(name);
    if (known === undefined || performance.now() - known.at > indexesAreKnownMs) {
      const found = await existingIndexes(this.databases.collection(definition));
      known = { at: performance.now(), keys: new Set(found.map(({ key }) => JSON.stringify(key))) };
      this.known.set(name, known);
    }
    const { keys } = known;
    return wanted.filter((index) => keys.has(JSON.stringify(keyOfIndex(index))));
  }

  /** Whether a collection is small enough to be looked through. */
  async isSmall<Doc extends { _id: string }>(definition: CollectionDefinition<Doc>): Promise<boolean> {
    return (await this.databases.collection(definition).estimatedDocumentCount()) <= smallCollection;
  }

  private async cursorKey(): Promise<Buffer> {
    if (this.key !== null) return this.key;
    const keys = this.databases.collection(cursorKeys);
    const made = { $setOnInsert: { key: randomBytes(32).toString('base64') } };
    const stored = await keys.findOneAndUpdate({ _id: 'cursors' }, made, { upsert: true, returnDocument: 'after' });
    this.key = Buffer.from(stored!.key, 'base64');
    return this.key;
  }
}
