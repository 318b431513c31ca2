import { z } from 'zod';

import { createField, evaluateMapping, updateField, updateMapping } from '../commands/mapping/mapping-commands.js';
import { mappingDefinitionSchema, mappingSourceSchema } from '../domain/mapping.js';
import { peopleFieldSchema } from '../domain/people-field.js';
import { isoTimeSchema } from '../domain/values.js';

/** A version of a mapping. */
export const integrationMappingSchema = z.object({
  integration: z.string(),
  version: z.number().int(),
  definition: mappingDefinitionSchema,
  createdAt: isoTimeSchema,
});

const mappingExample = {
  definition: {
    entries: [
      { to: 'username', from: { kind: 'field' as const, path: 'username' } },
      { to: 'email', from: { kind: 'field' as const, path: 'username' } },
      { to: 'role', from: { kind: 'constant' as const, value: 'Employee' } },
    ],
    syncKeys: ['email'],
  },
  newFields: [],
};

export const updateMappingBodySchema = updateMapping.input
  .omit({ integration: true, ifVersion: true })
  .extend({ newFields: updateMapping.input.shape.newFields.default([]) })
  .meta({
    description: 'The whole new mapping, and people fields to make with it.',
    examples: [mappingExample],
  });
export type UpdateMappingBody = z.infer<typeof updateMappingBodySchema>;

export const evaluateMappingBodySchema = z
  .object({
    definition: evaluateMapping.input.shape.definition.default(null),
    newFields: evaluateMapping.input.shape.newFields.default([]),
  })
  .meta({
    description: 'The mapping to try; without it, the one that is saved.',
    examples: [mappingExample],
  });
export type EvaluateMappingBody = z.infer<typeof evaluateMappingBodySchema>;

/** A pair that is proposed and nothing more: whoever edits the mapping decides (R63). */
export const mappingSuggestionSchema = z.object({
  to: z.string(),
  from: mappingSourceSchema,
  /** The people field to create with it; null: it exists. */
  newField: peopleFieldSchema.nullable(),
  reason: z.string(),
  /** 0 to 1. */
  confidence: z.number(),
});
export type MappingSuggestion = z.infer<typeof mappingSuggestionSchema>;

export const peopleFieldRecordSchema = peopleFieldSchema.extend({ builtIn: z.boolean() });

export const createFieldBodySchema = createField.input.meta({
  description: 'The new field. Variable name and type stay for good.',
  examples: [{ variable: 'job_title', label: 'Job title', type: 'short-text', unique: false, required: false }],
});
export type CreateFieldBody = z.infer<typeof createFieldBodySchema>;

export const updateFieldBodySchema = updateField.input
  .omit({ variable: true })
  .meta({ description: 'What is to change. What is left out stays.', examples: [{ label: 'Title', required: false }] });
export type UpdateFieldBody = z.infer<typeof updateFieldBodySchema>;
