import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';

import { operationOf } from '../http/operation.decorator.js';
import { callerOf } from '../http/request-state.js';
import { mustBeAllowedFields } from './field-access.js';

/** Refuses fields that the caller may not send: after the body was read, and before anything looks at what it says. */
@Injectable()
export class FieldInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const operation = operationOf(context.getHandler());
    const request = context.switchToHttp().getRequest<Request>();
    const caller = callerOf(request);
    if (operation && caller) mustBeAllowedFields(operation.id, caller, request.body);
    return next.handle();
  }
}
