import type { Limit, Operator, Scope } from '@rollcall/contracts';
import type { z } from 'zod';

import type { Right } from '../rights/rights.js';
import type { Client } from './client.js';

/** Base of all paths. A second major version would stand beside it. */
export const apiPrefix = '/api/v1';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One operation of the REST API: drives route, parsing, answer, policy, audit and the OpenAPI document. */
export interface OperationDefinition<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Result extends z.ZodType = z.ZodType,
> {
  /** `operationId`, the name in the policy and in the audit. */
  readonly id: string;
  readonly method: HttpMethod;
  /** Below `/api/v1`, parameters as `:name`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Most bytes of the body where the usual limit is too little; see `bodyLimitOf`. */
  readonly largestBody?: number;
  /** Shape of the answer. Whatever is not part of it never leaves the gateway. Missing = no content. */
  readonly result?: Result;
  /** Whether it leaves a trace in the audit. Left out: if it is a write. */
  readonly audited?: boolean;
  /** The audit says that it was asked for, and never which values it changed: they are to be gone. */
  readonly auditsNoValues?: boolean;
  /** Path of the operation that shows what this write changes, where that is not the record of its own path. */
  readonly shownAt?: string;
  /** Secrets that this write replaces, as the audit calls them. It says that they changed, and no value. */
  readonly changedSecrets?: readonly string[];
  /** No record shows what this write changes; its answer says it. */
  readonly toldByAnswer?: boolean;
  /** It tries or computes something, and leaves everything as it is. */
  readonly changesNothing?: boolean;
  /** The answer is JSON lines instead. */
  readonly lines?: boolean;
  readonly status?: 200 | 201 | 204 | 303;
  /** It is done by the owner of an aggregate, and may be answered with 202 (F3). */
  readonly command?: boolean;
  /** `If-Match` with the version that the change is based on is required. */
  readonly ifMatch?: boolean;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Who asks. */
export interface Caller {
  /** `api-key:<id>` or `operator:<id>`; the actor of commands and of the audit. */
  readonly actor: string;
  readonly rights: readonly Right[];
  /** Scopes that are open everywhere. */
  readonly scopes: readonly Scope[];
  /** Whoever is signed in; absent with an API key. */
  readonly operator?: Pick<Operator, 'id' | 'email' | 'name' | 'grants'>;
  readonly session?: { readonly id: string; readonly csrfToken: string };
}

/** Whoever asks for an operation that is open to anyone. */
export const stranger: Caller = { actor: 'stranger', rights: [], scopes: [] };

/** What every call carries beside its own input. */
export interface CallContext {
  readonly caller: Caller;
  readonly client: Client;
  /** What the caller may see of what is asked for; null: everything. */
  readonly within: Limit | null;
  readonly requestId: string;
  /** Of the header, or random: then a repetition is a new request. */
  readonly idempotencyKey: string;
  /** Version of `If-Match`; null when there is none or it is `*`. */
  readonly ifVersion: number | null;
}

/** The parsed request of an operation, as its controller method gets it. */
export interface CallOf<Operation extends OperationDefinition> extends CallContext {
  readonly params: Parsed<Operation['params']>;
  readonly query: Parsed<Operation['query']>;
  readonly body: Parsed<Operation['body']>;
}

export type ResultOfOperation<Operation extends OperationDefinition> = Operation['result'] extends z.ZodType
  ? z.input<Operation['result']>
  : undefined;

const defined = new Map<string, OperationDefinition>();

/** @throws Error when the id or the route is taken: found at start, whatever is called */
export function defineOperation<const Operation extends OperationDefinition>(operation: Operation): Operation {
  const clash = [...defined.values()].find(
    ({ id, method, path }) => id === operation.id || (method === operation.method && path === operation.path),
  );
  if (clash) throw new Error(`operation ${operation.id} clashes with ${clash.id}`);
  defined.set(operation.id, operation);
  return operation;
}

/** All operations whose controllers are loaded, in the order of their definition. */
export function definedOperations(): readonly OperationDefinition[] {
  return [...defined.values()];
}

export function isWrite({ method }: OperationDefinition): boolean {
  return method !== 'GET';
}

/** Whether the audit is to say that somebody asked for it. */
export function isAudited(operation: OperationDefinition): boolean {
  return operation.audited ?? isWrite(operation);
}

export function statusOf({ status, result, lines }: OperationDefinition): number {
  return status ?? (result || lines ? 200 : 204);
}

/** Bytes: more than any form of people comes to, and little enough that many at once do no harm. */
const usualBody = 256 * 1024;
/** Whoever sends a body where none is wanted is told so, unless it is larger than this. */
const unwantedBody = 1024;

/** Largest body of an operation, for those that take mappings and workflows: whole documents that people write (P33). */
export const documentBody = 1024 * 1024;

/** Most bytes that the body of a request for this operation may have. */
export function bodyLimitOf({ body, largestBody = usualBody }: OperationDefinition): number {
  return body ? largestBody : unwantedBody;
}

/** Methods that exist for a path of a request, for 405. */
export function methodsAt(path: string): HttpMethod[] {
  const parts = path.split('/');
  return definedOperations()
    .filter((operation) => {
      const wanted = `${apiPrefix}${operation.path}`.split('/');
      return (
        wanted.length === parts.length &&
        wanted.every((part, at) => (part.startsWith(':') ? parts[at] !== '' : part === parts[at]))
      );
    })
    .map(({ method }) => method);
}
