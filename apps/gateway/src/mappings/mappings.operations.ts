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
  summary: 'The newest mapping of an integration.',
  params: pathIdSchema,
  result: integrationMappingSchema,
});

export const listMappingVersions = defineOperation({
  id: 'listMappingVersions',
  method: 'GET',
  path: '/integrations/:id/mapping/versions',
  tag,
  summary: 'All versions of a mapping, newest first. Runs keep the version that they began with.',
  params: pathIdSchema,
  query: listQuerySchema,
  result: pageSchema(integrationMappingSchema),
});

export const updateIntegrationMapping = defineOperation({
  id: 'updateIntegrationMapping',
  method: 'PUT',
  path: '/integrations/:id/mapping',
  tag,
  summary: 'Saves a new version of a mapping, with the people fields that it brings along: all or nothing.',
  description:
    'A refusal names every fault at once. The next run uses the new version; a run under way goes on with its own. `matching` says what becomes of a match that may join two humans: `inactivePeople` for an active account of somebody without an active account, `differentNames` for names that share no word; `review`, the default of both, lets the account wait for a decision, `match` makes the match.',
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
  summary: 'Pairs proposed for what is not mapped yet, with reason and confidence.',
  params: pathIdSchema,
  result: z.object({ items: z.array(mappingSuggestionSchema) }),
});

export const evaluateIntegrationMapping = defineOperation({
  id: 'evaluateIntegrationMapping',
  method: 'POST',
  path: '/integrations/:id/mapping/evaluations',
  tag,
  summary:
    'What a mapping, saved or not, makes of up to 20 records of the newest run. Values are masked; nothing is written.',
  params: pathIdSchema,
  body: evaluateMappingBodySchema,
  largestBody: documentBody,
  result: evaluationSchema,
  status: 200,
  command: true,
});

export const listPeopleFields = defineOperation({
  id: 'listPeopleFields',
  method: 'GET',
  path: '/people-fields',
  tag,
  summary: 'The fields of people.',
  result: z.object({ items: z.array(peopleFieldRecordSchema) }),
});

export const createPeopleField = defineOperation({
  id: 'createPeopleField',
  method: 'POST',
  path: '/people-fields',
  tag,
  summary: 'Makes a field on people. Variable name and type stay for good.',
  description:
    'Unique values are compared without case, unless `caseSensitive` says otherwise; it is chosen here and stays. In a field of type `email` only addresses are unique.',
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
  summary: 'Changes label, required mark or uniqueness of a field on people.',
  params: z.object({
    variable: variableNameSchema.meta({ description: 'Variable name of the field.', examples: ['job_title'] }),
  }),
  body: updateFieldBodySchema,
  result: peopleFieldSchema,
  command: true,
});
