import { describe, expect, it } from '@jest/globals';
import { listQuerySchema, pathIdSchema } from '@rollcall/contracts';
import type { Request } from 'express';
import { z } from 'zod';

import type { OperationDefinition } from './operation.js';
import { deepestBody, readCall } from './read-call.js';
import { startRequest } from './request-state.js';

const operation: OperationDefinition = {
  id: 'changeThing',
  method: 'PATCH',
  path: '/things/:id',
  tag: 'things',
  summary: 'For this test.',
  params: pathIdSchema,
  query: listQuerySchema,
  body: z.object({ name: z.string(), nested: z.object({ deep: z.json() }).optional() }),
  ifMatch: true,
};

interface Given {
  body?: unknown;
  query?: Record<string, unknown>;
  headers?: Record<string, string>;
}

function call({ body = { name: 'a' }, query = {}, headers = {} }: Given) {
  const all: Record<string, string> = {
    'content-length': '10',
    'content-type': 'application/json',
    'if-match': '"3"',
    ...headers,
  };
  const request = {
    headers: all,
    params: { id: '7' },
    query,
    body,
    user: { actor: 'api-key:1', scopes: [] },
    is: (type: string) => all['content-type'] === type,
  } as unknown as Request;
  startRequest(request, 'request-1');
  return readCall(operation, request);
}
const refusedAt = (pointer: string) =>
  expect.objectContaining({ code: 'invalid-request', faults: [expect.objectContaining({ pointer })] });

describe('reading a request', () => {
  it('takes whole characters of any kind', () => {
    expect(call({ body: { name: '😀\u200b\u0001' } })).toMatchObject({ body: { name: '😀\u200b\u0001' } });
  });

  it('names at most fifty faulty texts', () => {
    const deep = Array.from({ length: 200 }, () => '\0');
    try {
      call({ body: { name: 'a', nested: { deep } } });
      throw new Error('expected a refusal');
    } catch (error) {
      expect((error as { faults: unknown[] }).faults).toHaveLength(50);
    }
  });

  it('gives what was sent in its types, with defaults filled in', () => {
    expect(call({ query: { limit: '7' } })).toMatchObject({
      params: { id: '7' },
      query: { limit: 7 },
      body: { name: 'a' },
      ifVersion: 3,
      requestId: 'request-1',
    });
  });

  it.each<[string, Given, string]>([
    ['half a character', { body: { name: 'half \ud83d' } }, '/name'],
    ['the other half', { body: { name: '\ude00' } }, '/name'],
    ['NUL', { body: { name: 'a\0b' } }, '/name'],
    [
      'half a character deep inside',
      { body: { name: 'a', nested: { deep: [1, { x: ['\ud83d'] }] } } },
      '/nested/deep/1/x/0',
    ],
    ['a name with half a character', { body: { name: 'a', nested: { deep: { ['a\ud83d']: 1 } } } }, '/nested/deep'],
    ['NUL in a query', { query: { cursor: 'a\0' } }, '/query/cursor'],

    ['a query parameter', { query: { 'filter[$gt]': '' } }, '/query/filter[$gt]'],
    ['a repeated query parameter', { query: { cursor: ['a', 'b'] } }, '/query/cursor'],
    ['a field of the body', { body: { name: 'a', admin: true } }, '/admin'],
    ['a field deep in the body', { body: { name: 'a', nested: { deep: 1, extra: 2 } } }, '/nested/extra'],
    ['a prototype (P36)', { body: JSON.parse('{"name":"a","__proto__":{"admin":true}}') as unknown }, '/__proto__'],
    ['an operator in place of text (P35)', { body: { name: { $ne: null } } }, '/name'],
    ['a list in place of the body', { body: [] }, ''],
  ])('refuses %s that the operation does not have', (_, given, pointer) => {
    expect(() => call(given)).toThrow(refusedAt(pointer));
  });

  it('refuses bodies nested too deep, and takes those that just fit (P33)', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { d: nested(depth - 1) });
    expect(call({ body: { name: 'a', nested: { deep: nested(deepestBody - 2) } } })).toBeDefined();
    expect(() => call({ body: { name: 'a', nested: { deep: nested(deepestBody - 1) } } })).toThrow(refusedAt(''));
    let endless: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) endless = [endless];
    expect(() => call({ body: { name: 'a', nested: { deep: endless } } })).toThrow(refusedAt(''));
  });

  it('stays short about a body with very many faults (P33)', () => {
    const body = Object.fromEntries(Array.from({ length: 200_000 }, (_, number) => [`name${number}`, 1]));
    const problem = (() => {
      try {
        return call({ body: { ...body, name: 'a' } });
      } catch (error) {
        return error as { faults: unknown[] };
      }
    })();
    expect(problem['faults']).toHaveLength(50);
  });

  it('never shows a value that was sent, only where it was', () => {
    const given = { body: { name: 12_345_678, nested: 'example-secret' } };
    expect(() => call(given)).toThrow(
      expect.objectContaining({
        faults: expect.not.arrayContaining([
          expect.objectContaining({ message: expect.stringMatching(/example-secret|12345678/) }),
        ]),
      }),
    );
  });

  it('asks for If-Match, and understands one ETag of ours or *', () => {
    const withHeader = (value?: string) => () => call({ headers: { 'if-match': value as string } });
    expect(withHeader(undefined)).toThrow(expect.objectContaining({ code: 'precondition-required' }));
    expect(withHeader('3')).toThrow(refusedAt('/header/if-match'));
    expect(withHeader('"1", "2"')).toThrow(refusedAt('/header/if-match'));
    expect(withHeader('*')()['ifVersion']).toBeNull();
  });

  it('refuses a body that is not JSON', () => {
    expect(() => call({ headers: { 'content-type': 'text/plain' } })).toThrow(
      expect.objectContaining({ code: 'unsupported-media-type' }),
    );
  });

  it('makes up an idempotency key once, and refuses one that is none', () => {
    expect(call({})['idempotencyKey']).toMatch(/^[0-9a-f-]{36}$/);
    expect(call({ headers: { 'idempotency-key': 'mine-1' } })).toMatchObject({
      idempotencyKey: 'mine-1',
    });
    expect(() => call({ headers: { 'idempotency-key': 'a b' } })).toThrow(refusedAt('/header/idempotency-key'));
  });
});
