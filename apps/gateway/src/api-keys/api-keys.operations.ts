import {
  apiKeySchema,
  createApiKeyBodySchema,
  createdApiKeySchema,
  createOwnApiKeyBodySchema,
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

export const getApiKey = defineOperation({
  id: 'getApiKey',
  method: 'GET',
  path: '/api-keys/:id',
  tag,
  summary: 'One API key, without the key itself.',
  params: pathIdSchema,
  result: apiKeySchema,
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

export const listOwnApiKeys = defineOperation({
  id: 'listOwnApiKeys',
  method: 'GET',
  path: '/own-api-keys',
  tag,
  summary: 'The API keys of whoever is signed in, without the keys themselves.',
  query: listQuerySchema,
  result: pageSchema(apiKeySchema),
});

export const getOwnApiKey = defineOperation({
  id: 'getOwnApiKey',
  method: 'GET',
  path: '/own-api-keys/:id',
  tag,
  summary: 'One API key of whoever is signed in.',
  params: pathIdSchema,
  result: apiKeySchema,
});

export const createOwnApiKey = defineOperation({
  id: 'createOwnApiKey',
  method: 'POST',
  path: '/own-api-keys',
  tag,
  summary: 'Creates an API key for whoever is signed in. It is shown in this answer and never again.',
  description:
    'Open to everybody who is signed in, and to no API key. The key opens at most what its owner may do at each moment: scopes that they do not have, and limits beyond theirs, are refused. It ends when they are disabled.',
  body: createOwnApiKeyBodySchema,
  result: createdApiKeySchema,
  status: 201,
});

export const revokeOwnApiKey = defineOperation({
  id: 'revokeOwnApiKey',
  method: 'DELETE',
  path: '/own-api-keys/:id',
  tag,
  summary: 'Revokes an API key of whoever is signed in. Its next request is refused.',
  params: pathIdSchema,
  result: apiKeySchema,
});
