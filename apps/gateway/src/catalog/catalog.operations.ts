import {
  catalogConnectorSchema,
  catalogQuerySchema,
  connectorListSchema,
  credentialTypeListSchema,
  eventTypeListSchema,
  pathIdSchema,
} from '@rollcall/contracts';

import { defineOperation } from '../http/operation.js';

const tag = 'catalog';

export const listConnectors = defineOperation({
  id: 'listConnectors',
  method: 'GET',
  path: '/catalog/connectors',
  tag,
  summary: 'All connectors with their fields, auth schemes, presets and prerequisites.',
  description:
    'With `q`, those whose name, app or category has every word of it. A vendor that is not there has no connector yet.',
  query: catalogQuerySchema,
  result: connectorListSchema,
});

export const getConnector = defineOperation({
  id: 'getConnector',
  method: 'GET',
  path: '/catalog/connectors/:id',
  tag,
  summary: 'One connector.',
  params: pathIdSchema,
  result: catalogConnectorSchema,
});

export const listCredentialTypes = defineOperation({
  id: 'listCredentialTypes',
  method: 'GET',
  path: '/catalog/credential-types',
  tag,
  summary: 'The types of credentials in Advanced Mode, with their fields.',
  result: credentialTypeListSchema,
});

export const listEventTypes = defineOperation({
  id: 'listEventTypes',
  method: 'GET',
  path: '/catalog/event-types',
  tag,
  summary: 'All published events, with the JSON Schema of their data.',
  result: eventTypeListSchema,
});
