import { Readable } from 'node:stream';

import { StreamableFile } from '@nestjs/common';
import type { Page } from '@rollcall/contracts';
import type { Request, Response } from 'express';

import { Accepted } from './accepted.js';
import { Chosen, trimmed } from './chosen-fields.js';
import { cookieOptions, Redirect, WithCookies } from './cookies.js';
import { Lines } from './lines.js';
import { apiPrefix, type OperationDefinition, statusOf } from './operation.js';
import { stateOf } from './request-state.js';

/**
 * Sets the headers that belong to an answer and gives its body. The body is what the result schema knows of the value:
 * a field that is not part of the contract does not leave, whatever a document holds (P28).
 * @throws ZodError when the value is not what the operation promises, which is a defect and becomes a 500
 */
export function reply(operation: OperationDefinition, value: unknown, request: Request, response: Response): unknown {
  response.setHeader('cache-control', 'no-store');
  if (value instanceof WithCookies || value instanceof Redirect) {
    for (const cookie of value.cookies) response.cookie(cookie.name, cookie.value, cookieOptions(cookie));
    stateOf(request).signedIn = value.signedIn;
  }
  if (value instanceof Redirect) return elsewhere(303, value.url, response);
  if (value instanceof Accepted) {
    elsewhere(202, `${apiPrefix}/operations/${value.operation.id}`, response);
    return value.operation;
  }
  if (value instanceof Chosen) return trimmed(value.fields, document(operation, value.page, request, response));
  if (value instanceof Lines) return new StreamableFile(Readable.from(value.lines), { type: 'application/x-ndjson' });
  return document(operation, value instanceof WithCookies ? value.body : value, request, response);
}

function elsewhere(status: number, location: string, response: Response): undefined {
  response.status(status).setHeader('location', location);
}

function document(operation: OperationDefinition, value: unknown, request: Request, response: Response): unknown {
  if (!operation.result) return undefined;
  const body = operation.result.parse(value) as Record<string, unknown>;
  if (typeof body['version'] === 'number') response.setHeader('etag', `"${body['version']}"`);
  if (statusOf(operation) === 201 && typeof body['id'] === 'string') {
    response.setHeader('location', `${collectionOf(operation)}/${encodeURIComponent(body['id'])}`);
  }
  const next = (body as Partial<Page<unknown>>).page?.next;
  if (typeof next === 'string') response.setHeader('link', `<${nextPage(request, next)}>; rel="next"`);
  return body;
}

/** Where the things that a creating POST makes can be read: its own path, but for runs, which have one of their own. */
function collectionOf({ path, tag }: OperationDefinition): string {
  return `${apiPrefix}${path.includes(':') ? `/${tag}` : path}`;
}

/** The same request with the cursor of the next page (RFC 8288), relative to this host. */
function nextPage(request: Request, cursor: string): string {
  const url = new URL(request.originalUrl, 'http://localhost');
  url.searchParams.set('cursor', cursor);
  return `${url.pathname}${url.search}`;
}
