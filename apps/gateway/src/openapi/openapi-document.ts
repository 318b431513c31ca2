import { operationSchema, problemContentType, problemSchema } from '@rollcall/contracts';
import { z } from 'zod';

import { scopeOfRule } from '../access/field-access.js';
import { strictRulesOf } from '../access/field-policy.js';
import { openingOf, subjects } from '../access/policy.js';
import {
  apiPrefix,
  bodyLimitOf,
  definedOperations,
  isWrite,
  type OperationDefinition,
  statusOf,
} from '../http/operation.js';
import { accessCookie } from '../sessions/session-cookies.js';
import { type JsonSchema, JsonSchemas } from './json-schemas.js';

export interface OpenApiDocument extends Record<string, unknown> {
  openapi: string;
  paths: Record<string, Record<string, JsonSchema>>;
  components: { schemas: Record<string, JsonSchema>; [kind: string]: unknown };
}

/** The OpenAPI 3.1 document of all loaded operations, out of the same definitions that parse and answer. */
export function openApiDocument(): OpenApiDocument {
  const schemas = new JsonSchemas();
  const paths: OpenApiDocument['paths'] = {};
  for (const operation of definedOperations()) {
    const path = `${apiPrefix}${operation.path}`.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[operation.method.toLowerCase()] = describe(operation, schemas);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version: '1.0.0',
      description:
        'Who has an account where, and should they still? Writes are commands to the service that owns the record. One that is not done within 10 seconds is answered with 202 and an operation to ask later. Lists take a SCIM filter (RFC 7644), and errors are problem documents (RFC 9457). Every API key has a budget of requests per minute; 429 says with Retry-After when the next one is accepted. All text is UTF-8.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This gateway.' }],
    security: [{ bearer: [] }, { apiKey: [] }, { session: [] }],
    tags: [...new Set(definedOperations().map(({ tag }) => tag))].sort().map((name) => ({ name })),
    paths: sorted(paths),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'An API key.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: accessCookie,
          description:
            'A browser in which somebody signed in. Every write needs the header `X-CSRF-Token` with `csrfToken` of the session.',
        },
      },
      schemas: sorted(schemas.components),
    },
  };
}

function describe(operation: OperationDefinition, schemas: JsonSchemas): JsonSchema {
  const { id, tag, summary, description, body } = operation;
  const opening = openingOf(id);
  const requestBody = body && { requestBody: bodyOf(schemas.request(body), body) };
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: [description, needsOf(operation), ...fieldsNeed(operation)].filter(Boolean).join(' '),
    ...securityOf(opening),
    parameters: parametersOf(operation, schemas),
    ...requestBody,
    responses: responsesOf(operation, schemas),
  };
}

function securityOf(opening: ReturnType<typeof openingOf>): JsonSchema {
  if (opening === 'anyone') return { security: [] };
  if (opening === 'signed-in') return { security: [{ session: [] }] };
  return opening === 'known' ? {} : { 'x-scope': opening };
}

function needsOf({ id }: OperationDefinition): string {
  const opening = openingOf(id);
  if (opening === 'anyone') return 'Needs neither a key nor a session.';
  if (opening === 'known') return 'Open to every key and session.';
  if (opening === 'signed-in') return 'Open to every session, and to no key.';
  return `Needs the scope \`${opening}\`${Object.hasOwn(subjects, id) ? '' : ' for the whole installation'}.`;
}

/** Fields that ask for more than the operation. */
function fieldsNeed({ id }: OperationDefinition): string[] {
  const byScope = new Map<string, string[]>();
  for (const [field, rule] of strictRulesOf(id)) {
    const scope = scopeOfRule(rule, id);
    if (scope === null || (rule === 'everywhere' && !Object.hasOwn(subjects, id))) continue;
    byScope.set(scope, [...(byScope.get(scope) ?? []), `\`${field}\``]);
  }
  return [...byScope].map(
    ([scope, names]) => `To set ${names.join(', ')}, the scope \`${scope}\` for the whole installation.`,
  );
}

/** Description and example stand beside the schema, where those who draw a page of the document look for them. */
function bodyOf({ description, examples: _, ...schema }: JsonSchema, body: z.ZodType): JsonSchema {
  return { required: true, description, content: { 'application/json': { schema, example: exampleOf(body) } } };
}

/** Asked of the schema itself: zod leaves it out of the JSON Schema where a value is turned into another one. */
const exampleOf = (schema: z.core.$ZodType | undefined): unknown =>
  schema && (z.globalRegistry.get(schema)?.examples as unknown[] | undefined)?.[0];

function parametersOf(operation: OperationDefinition, schemas: JsonSchemas): JsonSchema[] {
  return [
    ...fieldsOf(operation.params, 'path', schemas),
    ...fieldsOf(operation.query, 'query', schemas),
    ...(isWrite(operation) ? [idempotencyKeyParameter] : []),
    ...(operation.ifMatch ? [ifMatchParameter] : []),
  ];
}

const idempotencyKeyParameter: JsonSchema = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'For 24 hours, a request with the same key gets the outcome of the first one.',
  example: 'a6c1d0a2-4a3f-4f0b-9d2e-1b7a3c5e9f10',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
};
const ifMatchParameter: JsonSchema = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'ETag of the version that the change is based on, or *.',
  example: '"3"',
  schema: { type: 'string' },
};

function fieldsOf(schema: OperationDefinition['params'], place: 'path' | 'query', schemas: JsonSchemas): JsonSchema[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemas.request(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, examples: _, ...field }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    description,
    schema: field,
    example: exampleOf((schema as z.ZodObject).shape[name]),
  }));
}

function responsesOf(operation: OperationDefinition, schemas: JsonSchemas): JsonSchema {
  const status = statusOf(operation);
  const done = operation.lines
    ? { description: 'One JSON document a line.', content: { 'application/x-ndjson': { schema: { type: 'string' } } } }
    : operation.result
      ? { description: 'Done.', content: { 'application/json': { schema: schemas.answer(operation.result) } } }
      : { description: status === 303 ? 'The browser goes on at `Location`.' : 'Done.' };
  const accepted = {
    description: 'Not known yet. `Location` names the operation to ask later.',
    headers: { Location: { schema: { type: 'string' } } },
    content: { 'application/json': { schema: schemas.answer(operationSchema) } },
  };
  const problem = (description: string) => ({
    description,
    content: { [problemContentType]: { schema: schemas.answer(problemSchema) } },
  });
  return {
    [status]: done,
    ...(operation.command ? { 202: accepted } : {}),
    401: problem('No valid API key, and nobody signed in.'),
    403: problem('The key or the roles lack the scope, or the session its `X-CSRF-Token`.'),
    ...(operation.body ? { 413: problem(`The body is larger than ${bodyLimitOf(operation)} bytes.`) } : {}),
    429: {
      ...problem('More requests in a minute than this key may send, or this address without a valid key.'),
      headers: {
        'Retry-After': { description: 'Seconds until the next request is accepted.', schema: { type: 'integer' } },
      },
    },
    ...(operation.ifMatch
      ? { 412: problem('Somebody else changed the record.'), 428: problem('`If-Match` is missing.') }
      : {}),
    default: problem('Any other error. `code` names it.'),
  };
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
