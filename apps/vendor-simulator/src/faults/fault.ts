import { z } from 'zod';

import { mutationSchema } from '../company/mutations.js';

const headers = z.record(z.string(), z.string());

/** What goes wrong with a request. Unless said otherwise the request is not executed. */
export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    headers: headers.optional(),
    body: z.string().optional(),
  }),
  /** The vendor's own answer to wrong credentials. */
  z.strictObject({ kind: z.literal('auth-error') }),
  /** 429; `retryAfter` goes into the header as it is (seconds, decimals, a date, nonsense). */
  z.strictObject({ kind: z.literal('rate-limit'), retryAfter: z.union([z.string(), z.number()]).optional() }),
  /** 200 with a login page. */
  z.strictObject({ kind: z.literal('html') }),
  z.strictObject({
    kind: z.literal('body'),
    body: z.string(),
    contentType: z.string().optional(),
    status: z.int().optional(),
  }),
  /** Executed; the bytes are written otherwise: a byte-order mark, UTF-16, or bytes that are no UTF-8. */
  z.strictObject({
    kind: z.literal('encoding'),
    encoding: z.enum(['utf8', 'utf8-bom', 'utf16le', 'invalid']),
    contentType: z.string().optional(),
    headers: headers.optional(),
  }),
  /** Executed; every match of the pattern (a regular expression) in the body is replaced. */
  z.strictObject({ kind: z.literal('rewrite'), pattern: z.string().min(1), replacement: z.string() }),
  /** Executed; the body is followed by spaces up to so many bytes, packed with gzip if `packed`. */
  z.strictObject({ kind: z.literal('inflate'), bytes: z.int().positive(), packed: z.boolean().default(false) }),
  /** The connection is reset without an answer. */
  z.strictObject({ kind: z.literal('reset') }),
  /** No answer, ever. */
  z.strictObject({ kind: z.literal('hang') }),
  /** Executed after a pause. */
  z.strictObject({ kind: z.literal('delay'), ms: z.int().min(0) }),
  /** Executed, then the connection is reset: the caller cannot know. */
  z.strictObject({ kind: z.literal('reply-lost') }),
  /** Executed; the body ends after `bytes` (default: half). Reset before the promised length, or `clean`: a length that fits. */
  z.strictObject({ kind: z.literal('cut-body'), bytes: z.int().min(0).optional(), clean: z.boolean().optional() }),
  /** Executed; gzip that ends half way, with a length that fits. */
  z.strictObject({ kind: z.literal('gzip-cut') }),
  /** A page without users; totals stay. */
  z.strictObject({ kind: z.literal('empty-page') }),
  /** The page before this one, again. */
  z.strictObject({ kind: z.literal('duplicate-page') }),
  /** Another total than the true one. */
  z.strictObject({ kind: z.literal('total'), total: z.int() }),
  /** The company changes just before this request is executed. */
  z.strictObject({ kind: z.literal('mutate'), mutations: z.array(mutationSchema) }),
]);

export const faultPlanSchema = z.strictObject({
  vendor: z.string(),
  match: z
    .strictObject({
      operation: z.enum(['list', 'get', 'action', 'token', 'any']).default('any'),
      /** The vendor's word: `deluser`, `POST /systemusers/{id}/unlock`. */
      command: z.string().optional(),
      /** Page of a listing, from one. */
      page: z.int().positive().optional(),
      /** The first of the matching requests that is hit, from one. */
      nth: z.int().positive().default(1),
      /** How many are hit from there on; default one, or all when a probability is given. */
      times: z.union([z.int().positive(), z.literal('always')]).optional(),
      /** Chance of each, drawn from the simulator's seed. */
      probability: z.number().min(0).max(1).optional(),
    })
    .prefault({}),
  fault: faultSchema,
});

export type Fault = z.output<typeof faultSchema>;
export type FaultPlan = z.input<typeof faultPlanSchema>;
export type ParsedFaultPlan = z.output<typeof faultPlanSchema>;
