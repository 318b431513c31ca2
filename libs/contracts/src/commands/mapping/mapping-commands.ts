import { z } from 'zod';

import { evaluationSchema, mappingDefinitionSchema } from '../../domain/mapping.js';
import { peopleFieldSchema } from '../../domain/people-field.js';
import { variableNameSchema } from '../../domain/values.js';
import { defineCommand } from '../define-command.js';

const newFields = z.array(peopleFieldSchema).max(50);

export const updateMapping = defineCommand({
  type: 'mapping.update',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Saves a new version of a mapping, with the people fields that it brings along: all of it or nothing (R66, R75). The next run uses it.',
  input: z.object({
    integration: z.string(),
    ifVersion: z.number().int().nullable(),
    definition: mappingDefinitionSchema,
    newFields,
  }),
  result: z.object({
    integration: z.string(),
    version: z.number().int(),
    definition: mappingDefinitionSchema,
    createdAt: z.string(),
  }),
  errors: ['integration-not-found', 'version-conflict', 'mapping-invalid'],
});

export const evaluateMapping = defineCommand({
  type: 'mapping.evaluate',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'What a mapping makes of records that the newest run read. Nothing is written, and values are masked.',
  input: z.object({
    integration: z.string(),
    /** Null: the newest version as it is. */
    definition: mappingDefinitionSchema.nullable(),
    newFields,
  }),
  result: evaluationSchema,
  errors: ['integration-not-found', 'mapping-invalid'],
});

export const createField = defineCommand({
  type: 'field.create',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'Makes a field on people (R66 to R69). Variable name and type stay for good.',
  input: peopleFieldSchema,
  result: z.object({ field: peopleFieldSchema }),
  errors: ['field-taken'],
});

export const updateField = defineCommand({
  type: 'field.update',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Changes label, required mark or uniqueness of a field on people. Uniqueness is applied by a refold (D1).',
  input: z.object({
    variable: variableNameSchema,
    label: peopleFieldSchema.shape.label.optional(),
    required: z.boolean().optional(),
    unique: z.boolean().optional(),
  }),
  result: z.object({ field: peopleFieldSchema }),
  errors: ['unknown-field', 'field-built-in', 'field-in-use'],
});
