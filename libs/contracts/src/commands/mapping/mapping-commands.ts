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
    'Saves a new version of a mapping together with the new people fields that it names: all or nothing. The next run uses it.',
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
  errors: ['integration-not-found', 'version-conflict', 'mapping-invalid', 'too-many-filterable-fields'],
});

export const evaluateMapping = defineCommand({
  type: 'mapping.evaluate',
  owner: 'mapping',
  senders: ['gateway'],
  description: 'What a mapping makes of records of the latest run. Nothing is written, and values are masked.',
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
  description: 'Creates a field on people. Its variable name and type cannot be changed later.',
  input: peopleFieldSchema,
  result: z.object({ field: peopleFieldSchema }),
  errors: ['field-taken', 'too-many-filterable-fields'],
});

export const updateField = defineCommand({
  type: 'field.update',
  owner: 'mapping',
  senders: ['gateway'],
  description:
    'Changes the label of a people field, or whether it is required, unique or filterable. Uniqueness is applied by a refold, and an index for filters is made soon after.',
  input: z.object({
    variable: variableNameSchema,
    label: peopleFieldSchema.shape.label.optional(),
    required: z.boolean().optional(),
    unique: z.boolean().optional(),
    filterable: z.boolean().optional(),
  }),
  result: z.object({ field: peopleFieldSchema }),
  errors: ['unknown-field', 'field-built-in', 'field-in-use', 'too-many-filterable-fields'],
});
