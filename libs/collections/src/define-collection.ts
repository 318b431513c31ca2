import { type ServiceName, serviceNames } from '@rollcall/contracts';
import type { CreateIndexesOptions, Document, IndexDirection } from 'mongodb';
import type { IndexDefinition as SchemaIndex, IndexOptions, Schema, SchemaDefinition } from 'mongoose';

import { mongoose } from './models/mongoose.js';
import { refuseStrangeOperators } from './models/own-operators.js';
import type { PathsOf } from './models/paths.js';
import { refuseInWords } from './models/refused-document.js';

/** `vault-private` holds what nobody but the vault may read (architecture 8); `egress` the rate budgets (G5). */
export type DatabaseOwner = ServiceName | 'vault-private' | 'egress';
export const databaseOwners: readonly DatabaseOwner[] = [...serviceNames, 'vault-private', 'egress'];

/** One collection with its owner, its schema, and whether other services may read it (architecture 3, Queries). */
export interface CollectionDefinition<Doc extends Document = Document> {
  readonly owner: DatabaseOwner;
  readonly name: string;
  readonly published: boolean;
  /** Paths and indexes. */
  readonly schema: Schema<Doc>;
}

export interface IndexDefinition {
  readonly key: Readonly<Record<string, IndexDirection>>;
  readonly options?: Omit<CreateIndexesOptions, 'background'>;
}

interface CollectionParts<Doc> extends Pick<CollectionDefinition, 'owner' | 'name' | 'published'> {
  readonly paths: PathsOf<Doc>;
  readonly indexes?: readonly IndexDefinition[];
}

const defined: CollectionDefinition[] = [];

export function defineCollection<Doc extends Document>(parts: CollectionParts<Doc>): CollectionDefinition<Doc> {
  const { owner, name, published, paths, indexes = [] } = parts;
  // The database itself asks for an id, and a replacement need not repeat it.
  const own = { ...paths, _id: { ...paths._id, required: false } };
  const schema = new mongoose.Schema(own as SchemaDefinition, {
    collection: name,
    id: false,
    minimize: false,
    strict: 'throw',
    strictQuery: 'throw',
    versionKey: false,
  });
  for (const { key, options } of indexes) schema.index(key as SchemaIndex, options as IndexOptions);
  refuseStrangeOperators(schema as unknown as Schema, name);
  refuseInWords(schema as unknown as Schema, name);
  const collection = { owner, name, published, schema: schema as unknown as Schema<Doc> };
  defined.push(collection as unknown as CollectionDefinition);
  return collection;
}

export function collectionsOf(owner: DatabaseOwner): readonly CollectionDefinition[] {
  return defined.filter((collection) => collection.owner === owner);
}

/** Its indexes, beside the one of `_id`. */
export function indexesOf({ schema }: CollectionDefinition): Required<IndexDefinition>[] {
  return schema.indexes().map(([key, options]) => {
    // Mongoose adds it; servers have ignored it since 4.2.
    const { background: _, ...rest } = options as CreateIndexesOptions & { background?: boolean };
    return { key: key as IndexDefinition['key'], options: rest };
  });
}

/** Seconds in a number of days, for TTL indexes. */
export const days = (count: number): number => count * 24 * 60 * 60;
