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
  summary: 'All API keys, without the keys.',
  query: listQuerySchema,
  result: pageSchema(apiKeySchema),
});

export const createApiKey = defineOperation({
  id: 'createApiKey',
  method: 'POST',
  path: '/api-keys',
  tag,
  summary: 'Makes an API key. The answer is the only place where it is ever shown.',
  description:
    'Name the person who will use it as `owner`. Whoever changed an integration, or started its run, cannot approve what ' +
    'follows from it, and all keys of one owner are one person there. Left out, the key belongs to whoever makes it.',
  body: createApiKeyBodySchema,
  result: createdApiKeySchema,
  status: 201,
});

export const revokeApiKey = defineOperation({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/api-keys/:id',
  tag,
  summary: 'Revokes an API key: its next request is refused.',
  params: pathIdSchema,
  result: apiKeySchema,
});
