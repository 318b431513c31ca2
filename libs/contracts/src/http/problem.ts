import { z } from 'zod';

import { schemaIds } from '../domain/schema-ids.js';

/** Media type of every error answer (RFC 9457). */
export const problemContentType = 'application/problem+json';

/** One fault of a request: a JSON pointer into the body, or `/query/limit`, `/header/if-match`, `/path/id`. */
export const problemErrorSchema = z.object({ pointer: z.string(), message: z.string() });
export type ProblemError = z.infer<typeof problemErrorSchema>;

/** Every error of the REST API. `type` is stable and names the code; `detail` says what happened and what to do. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    errors: z.array(problemErrorSchema).optional(),
  })
  .register(schemaIds, { id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** `type` of a problem; a code is never renamed within a major version. */
export function problemTypeOf(code: string): string {
  return `urn:rollcall:problem:${code}`;
}
