import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { lastValueFrom, type Observable, of } from 'rxjs';

import { operationOf } from '../http/operation.decorator.js';
import { isWrite } from '../http/operation.js';
import { AuditTrail } from './audit.service.js';

/** Notes every write before it is tried, and its status before it is answered. Must be the outermost interceptor. */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(@Inject(AuditTrail) private readonly audit: AuditTrail) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const operation = operationOf(context.getHandler());
    if (!operation || !isWrite(operation)) return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    await this.audit.begin(operation, request);
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    await this.audit.finish(request, context.switchToHttp().getResponse<Response>().statusCode, body);
    return of(body);
  }
}
