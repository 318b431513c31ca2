import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { lastValueFrom, type Observable, of } from 'rxjs';

import { AuditTrail } from '../audit/audit.service.js';
import { operationOf } from './operation.decorator.js';
import { isWrite } from './operation.js';
import { reply } from './reply.js';

/** Around every operation: a write is noted before it is tried and its status afterwards; the answer takes its shape. */
@Injectable()
export class OperationInterceptor implements NestInterceptor {
  constructor(@Inject(AuditTrail) private readonly audit: AuditTrail) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const operation = operationOf(context.getHandler());
    if (!operation) return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    if (isWrite(operation)) await this.audit.begin(operation, request);
    const body = reply(operation, await lastValueFrom(next.handle(), { defaultValue: undefined }), request, response);
    await this.audit.finish(request, response.statusCode, body);
    return of(body);
  }
}
