import { randomUUID } from 'node:crypto';

import type { NestExpressApplication } from '@nestjs/platform-express';
import { withCorrelation } from '@rollcall/observability';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';

import { startRequest } from './request-state.js';

/** Largest body in bytes (P33). */
export const largestBody = 1024 * 1024;

/** Slow senders are cut off: headers within 10 s, the whole request within 30 s (P33). */
const requestLimits = { headersTimeout: 10_000, requestTimeout: 30_000 };

/** HTTP set-up of the gateway: request id, headers, limits. Order matters: whatever fails must have a request id. */
export function configureHttp(app: NestExpressApplication): void {
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.use(identify);
  app.use(helmet());
  app.useBodyParser('json', { limit: largestBody, strict: true, inflate: false });
  Object.assign(app.getHttpServer() as object, requestLimits);
}

/** A caller may bring a request id of his own; it is the correlation id of everything that the request causes. */
function identify(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && /^[A-Za-z0-9-]{8,64}$/.test(given) ? given : randomUUID();
  startRequest(request, requestId);
  response.setHeader('x-request-id', requestId);
  withCorrelation(requestId, next);
}
