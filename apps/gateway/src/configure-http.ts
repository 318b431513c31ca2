import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';

import type { NestExpressApplication } from '@nestjs/platform-express';
import { withCorrelation } from '@rollcall/observability';
import { CONFIG } from '@rollcall/service';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

import { Admission } from './admission/admission.service.js';
import type { GatewayConfig } from './config.js';
import { consentedPage } from './front-page/consented-page.js';
import { frontPage } from './front-page/front-page.js';
import { welcomePage } from './front-page/welcome-page.js';
import { refuseUndecodable } from './http/request-address.js';
import { startRequest } from './http/request-state.js';

/** Slow senders are cut off: headers within 10 s, the whole request within 30 s (P33). */
const requestLimits = { headersTimeout: 10_000, requestTimeout: 30_000 };

/**
 * HTTP set-up of the gateway: request id, headers, admission. Order matters: whatever fails must have a request id, and
 * no body is read here, since nobody knows yet who sent it.
 */
export function configureHttp(app: NestExpressApplication): void {
  const config = app.get<GatewayConfig>(CONFIG, { strict: false });
  const admission = app.get(Admission, { strict: false });
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.set('trust proxy', config.TRUST_PROXY);
  app.use(identify);
  app.use(helmet());
  app.use(refusing((request) => admission.enter(request)));
  app.use(refusing(({ originalUrl }) => refuseUndecodable(originalUrl)));
  app.use(frontPage);
  app.use(welcomePage);
  app.use(consentedPage);
  const server = app.getHttpServer() as EventEmitter;
  Object.assign(server, requestLimits);
  // Without a listener Node asks for every announced body at once, also for one that is going to be refused.
  server.on('checkContinue', (...exchange: unknown[]) => server.emit('request', ...exchange));
}

/** Runs a check that throws what is wrong with a request. */
function refusing(check: (request: Request) => void): RequestHandler {
  return (request, _response, next) => {
    try {
      check(request);
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
}

/** Callers may bring a request id of their own; it is the correlation id of everything that the request causes. */
function identify(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers['x-request-id'];
  const requestId = typeof given === 'string' && /^[A-Za-z0-9-]{8,64}$/.test(given) ? given : randomUUID();
  startRequest(request, requestId);
  response.setHeader('x-request-id', requestId);
  withCorrelation(requestId, next);
}
