import { type ServiceName, serviceNames } from '@rollcall/contracts';
import type { CreateIndexesOptions, Document, IndexSpecification } from 'mongodb';

/** `vault-private` holds what nobody but the vault may read (architecture 8); `egress` the rate budgets (G5). */
export type DatabaseOwner = ServiceName | 'vault-private' | 'egress';
export const databaseOwners: readonly DatabaseOwner[] = [...serviceNames, 'vault-private', 'egress'];

/** One collection with its owner, its indexes, and whether other services may read it (architecture 3, Queries). */
export interface CollectionDefinition<Doc extends Document = Document> {
  readonly owner: DatabaseOwner;
  readonly name: string;
  readonly published: boolean;
  readonly indexes: readonly { readonly key: IndexSpecification; readonly options?: CreateIndexesOptions }[];
  /** Ties the document type to the definition; never set. */
  readonly document?: Doc;
}

const defined: CollectionDefinition[] = [];

export function defineCollection<Doc extends Document>(
  definition: Omit<CollectionDefinition<Doc>, 'document' | 'indexes'> &
    Partial<Pick<CollectionDefinition<Doc>, 'indexes'>>,
): CollectionDefinition<Doc> {
  const collection: CollectionDefinition<Doc> = { indexes: [], ...definition };
  defined.push(collection as CollectionDefinition);
  return collection;
}

export function collectionsOf(owner: DatabaseOwner): readonly CollectionDefinition[] {
  return defined.filter((collection) => collection.owner === owner);
}

/** Seconds in a number of days, for TTL indexes. */
export const days = (count: number): number => count * 24 * 60 * 60;
