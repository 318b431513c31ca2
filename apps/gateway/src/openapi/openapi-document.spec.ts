import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';

import { AppModule } from '../app.module.js';
import { definedOperations } from '../http/operation.js';
import { openApiDocument } from './openapi-document.js';

type Operation = {
  operationId: string;
  parameters: { name: string; in: string }[];
  responses: Record<string, unknown>;
};

interface Described {
  operationId: string;
  parameters: { name: string; in: 'path' | 'query' | 'header'; description?: string; example?: unknown }[];
  requestBody?: { description?: string; content: { 'application/json': { example?: unknown } } };
}

describe('the OpenAPI document', () => {
  expect(AppModule).toBeDefined();
  const document = openApiDocument();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => ({ path, operation: operation as unknown as Operation })),
  );

  it('is of version 3.1 and has every operation once', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      definedOperations()
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('declares every parameter of every path, and no other ones', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect({ path, declared }).toEqual({ path, declared: inPath });
    }
  });

  it('says for every operation what a missing key, a missing scope and any other error look like', () => {
    for (const { operation } of operations) {
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403', 'default']));
    }
  });

  it('has schemas that compile as JSON Schema 2020-12, with every reference resolved', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    (formats as unknown as (ajv: Ajv2020) => void)(ajv);
    ajv.addSchema(document, 'openapi');
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(expect.arrayContaining(['Person', 'Problem', 'Run']));
    for (const name of names)
      expect(ajv.compile({ $ref: `openapi#/components/schemas/${name}` })).toBeInstanceOf(Function);
    for (const reference of referencesIn(document)) {
      expect(names.map((name) => `#/components/schemas/${name}`)).toContain(reference);
    }
  });

  it('describes every parameter and every body, each with an example that would be taken', () => {
    const faults = operations.flatMap(({ operation }) => {
      const { operationId, parameters, requestBody } = operation as unknown as Described;
      const { params, query, body } = definedOperations().find(({ id }) => id === operationId)!;
      const fieldsOf = { path: params, query, header: undefined };
      const ofParameters = parameters.flatMap(({ name, in: place, description, example }) =>
        faultsOf(`${operationId} ${name}`, description, example, (fieldsOf[place] as z.ZodObject)?.shape[name]),
      );
      const example = requestBody?.content['application/json'].example;
      const ofBody = body ? faultsOf(`${operationId} body`, requestBody?.description, example, body) : [];
      return [...ofParameters, ...ofBody];
    });
    expect(faults).toEqual([]);
  });

  it('names no rule of a paper that its readers do not have', () => {
    const texts = operations.map(({ operation }) => operation as unknown as { summary: string; description?: string });
    for (const { summary, description = '' } of texts)
      expect(`${summary} ${description}`).not.toMatch(/\b[A-Z]\d{1,3}\b/);
  });

  it('never describes a secret as part of an answer', () => {
    const answers = JSON.stringify([document.components.schemas['Credential'], document.components.schemas['ApiKey']]);
    expect(answers).not.toMatch(/"(ciphertext|hash|fields|password|key)"/);
  });
});

function faultsOf(what: string, description: string | undefined, example: unknown, schema?: z.core.$ZodType): string[] {
  const { error } = schema ? z.safeParse(schema, example) : {};
  return [
    ...(description?.endsWith('.') ? [] : [`${what} has no description`]),
    ...(example === undefined ? [`${what} has no example`] : []),
    ...(error ? [`${what} has an example that would be refused: ${error.message}`] : []),
  ];
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  );
}
