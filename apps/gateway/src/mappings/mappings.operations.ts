import {
  createFieldBodySchema,
  evaluateMappingBodySchema,
  evaluationSchema,
  integrationMappingSchema,
  listQuerySchema,
  mappingSuggestionSchema,
  pageSchema,
  pathIdSchema,
  peopleFieldRecordSchema,
  peopleFieldSchema,
  updateFieldBodySchema,
  updateMappingBodySchema,
  variableNameSchema,
} from '@rollcall/contracts';
import { z } from 'zod';

import { defineOperation, documentBody } from '../http/operation.js';

const tag = 'mappings';

export const getIntegrationMapping = defineOperation({
  id: 'getIntegrationMapping',
  method: 'GET',
  path: '/integrations/:id/mapping',
  tag,
  summary: 'The latest mapping of an integration.',
  params: pathIdSchema,
  result: integrationMappingSchema,
});

export const listMappingVersions = defineOperation({
  id: 'listMappingVersions',
  method: 'GET',
  path: '/integrations/:id/mapping/versions',
  tag,
  summary: 'All versions of a mapping, newest first. A run keeps the version it began with.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(integrationMappingSchema),
});

export const updateIntegrationMapping = defineOperation({
  id: 'updateIntegrationMapping',
  method: 'PUT',
  path: '/integrations/:id/mapping',
  tag,
  summary: 'Saves a new version of a mapping together with the new people fields that it names: all or nothing.',
  description:
    'A refusal names every fault at once. The next run uses the new version; a run under way keeps its own. `matching` decides what happens to a match that may join two people: `inactivePeople` for an active account that matches a person without any active account, `differentNames` for names that share no word. `review`, the default of both, makes the account wait for a decision; `match` matches it.',
  params: pathIdSchema,
  body: updateMappingBodySchema,
  largestBody: documentBody,
  result: integrationMappingSchema,
  status: 200,
  command: true,
  ifMatch: true,
});

export const suggestIntegrationMapping = defineOperation({
  id: 'suggestIntegrationMapping',
  method: 'GET',
  path: '/integrations/:id/mapping/suggestions',
  tag,
  summary: 'Proposed pairs for fields that are not mapped yet, with reason and confidence.',
  params: pathIdSchema,
  result: z.object({ items: z.array(mappingSuggestionSchema) }),
});

export const evaluateIntegrationMapping = defineOperation({
  id: 'evaluateIntegrationMapping',
  method: 'POST',
  path: '/integrations/:id/mapping/evaluations',
  tag,
  summary:
    'What a mapping, saved or not, makes of up to 20 records of the latest run. Values are masked; nothing is written.',
  params: pathIdSchema,
  body: evaluateMappingBodySchema,
  largestBody: documentBody,
  result: evaluationSchema,
  status: 200,
  command: true,
  changesNothing: true,
});

const variableParamsSchema = z.object({
  variable: variableNameSchema.meta({ description: 'Variable name of the field.', examples: ['job_title'] }),
});

export const listPeopleFields = defineOperation({
  id: 'listPeopleFields',
  method: 'GET',
  path: '/people-fields',
  tag,
  summary: 'The fields of people.',
  result: z.object({ items: z.array(peopleFieldRecordSchema) }),
});

export const getPeopleField = defineOperation({
  id: 'getPeopleField',
  method: 'GET',
  path: '/people-fields/:variable',
  tag,
  summary: 'One field of people.',
  params: variableParamsSchema,
  result: peopleFieldRecordSchema,
});

export const createPeopleField = defineOperation({
  id: 'createPeopleField',
  method: 'POST',
  path: '/people-fields',
  tag,
  summary: 'Creates a field on people. Its variable name and type cannot be changed later.',
  description:
    'Unique values are compared without regard to case unless `caseSensitive` is set, which cannot be changed later. In a field of type `email` only addresses count as unique values. Lists of any size can be filtered and sorted by a `filterable` field; its index costs something with every person who is written. At most 16 fields beside the built-in ones are.',
  body: createFieldBodySchema,
  result: peopleFieldSchema,
  status: 201,
  command: true,
});

export const updatePeopleField = defineOperation({
  id: 'updatePeopleField',
  method: 'PATCH',
  path: '/people-fields/:variable',
  tag,
  summary: 'Changes the label of a people field, or whether it is required, unique or filterable.',
  params: variableParamsSchema,
  body: updateFieldBodySchema,
  result: peopleFieldSchema,
  command: true,
});
