import {
  apiKeySchema,
  createApiKeyBodySchema,
  createdApiKeySchema,
  listQuerySchema,
  pageSchema,
  pathIdSchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'api-keys';

export const listApiKeys = defineOperation({
  id: 'listApiKeys',
  method: 'GET',
  path: '/api-keys',
  tag,
  summary: 'All API keys, without the keys themselves.',
  query: listQuerySchema,
  result: pageSchema(apiKeySchema),
});

export const createApiKey = defineOperation({
  id: 'createApiKey',
  method: 'POST',
  path: '/api-keys',
  tag,
  summary: 'Creates an API key. It is shown in this answer and never again.',
  description:
    '`owner` names the person who will use the key: an operator by address, name or `operator:<id>`, who then bounds what it opens and with whom it stops, or anybody else. A person who changed an integration or started its run cannot approve the result, and all keys of one owner count as one person there. Without `owner` the key belongs to the caller.',
  body: createApiKeyBodySchema,
  result: createdApiKeySchema,
  status: 201,
});

export const revokeApiKey = defineOperation({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/api-keys/:id',
  tag,
  summary: 'Revokes an API key. Its next request is refused.',
  params: pathIdSchema,
  result: apiKeySchema,
});
