import { z } from 'zod';

import { peopleFieldSchema } from './people-field.js';
import { variableNameSchema } from './values.js';

/**
 * Where a mapped value comes from. `field` names a field of the connector by its label-stable id (its path),
 * `tracking` are values of the run itself and live in a collection of their own (D8, R77, R78).
 */
export const mappingSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('field'), path: z.string().min(1).max(200) }),
  z.object({ kind: z.literal('constant'), value: z.string().max(256) }),
  z.object({ kind: z.literal('tracking'), name: z.enum(['sync-time', 'credential-name']) }),
]);
export type MappingSource = z.infer<typeof mappingSourceSchema>;

export const mappingEntrySchema = z.object({ to: variableNameSchema, from: mappingSourceSchema });
export type MappingEntry = z.infer<typeof mappingEntrySchema>;

/** What a version of a mapping holds. Sync keys are people fields marked unique, in order of priority (R74). */
export const mappingDefinitionSchema = z.object({
  entries: z.array(mappingEntrySchema).min(1).max(200),
  syncKeys: z.array(variableNameSchema).min(1).max(5),
});
export type MappingDefinition = z.infer<typeof mappingDefinitionSchema>;

/** A connector's default mapping and the people fields it brings along (R67). */
export const defaultMappingSchema = mappingDefinitionSchema.extend({ newFields: z.array(peopleFieldSchema) });
export type DefaultMapping = z.infer<typeof defaultMappingSchema>;
