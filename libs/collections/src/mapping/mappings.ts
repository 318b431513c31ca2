import { type MappingDefinition, mappingDefinitionSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, fits, listOf, number, optional, text } from '../models/paths.js';

/** An immutable version of a mapping. */
export interface MappingDocument {
  /** `<integration>/<version>`. */
  _id: string;
  integration: string;
  version: number;
  definition: MappingDefinition;
  /** Top-level properties of the vendor's record that it reads; absent in versions from before they were kept. */
  reads?: string[];
  /** Who saved it; absent in versions from before it was kept, and in those that an integration begins with. */
  by?: string;
  createdAt: Date;
}

export const mappings = defineCollection<MappingDocument>({
  owner: 'mapping',
  name: 'mappings',
  published: true,
  paths: {
    _id: text,
    integration: text,
    version: number,
    definition: fits(mappingDefinitionSchema),
    reads: listOf(text),
    by: optional.text,
    createdAt: date,
  },
  indexes: [{ key: { integration: 1, version: -1 }, options: { unique: true } }],
});

/** What one integration maps, by the newest version of its mapping. */
export interface NewestEntries {
  /** Its integration. */
  _id: string;
  entries: MappingDefinition['entries'];
}

/** Stages that give a `NewestEntries` for each integration, answered from the index. */
export const newestEntries = [
  { $sort: { integration: 1, version: -1 } },
  { $group: { _id: '$integration', entries: { $first: '$definition.entries' } } },
] as const;
