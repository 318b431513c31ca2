import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';

import { operationOf } from './operation.decorator.js';
import { bodyLimitOf } from './operation.js';
import { hasBody, readBody } from './read-body.js';

/**
 * Reads the body of a request that the guard let pass. Comes after the audit, so that a write whose body is refused
 * leaves its trace, and before anything that looks at the body.
 */
@Injectable()
export class BodyInterceptor implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const operation = operationOf(context.getHandler());
    const request = context.switchToHttp().getRequest<Request>();
    // Another type is refused where the request is parsed.
    if (operation && hasBody(request) && request.is('application/json') !== false) {
      const response = context.switchToHttp().getResponse<Response>();
      request.body = await readBody(request, response, bodyLimitOf(operation));
    }
    return next.handle();
  }
}
