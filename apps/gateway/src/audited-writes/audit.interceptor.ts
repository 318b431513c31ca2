import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { lastValueFrom, type Observable, of } from 'rxjs';

import { AuditTrail } from '../audit/audit.service.js';
import { operationOf } from '../http/operation.decorator.js';
import { isAudited } from '../http/operation.js';
import { AuditedChanges, type AuditedWrite } from './audited-changes.service.js';
import { LaterChanges } from './later-changes.service.js';

/** Answered with 202: what it changed is not known yet. */
const notKnownYet = 202;

/**
 * Notes every write before it is tried, and its status and what it changed before it is answered. Must be the outermost
 * interceptor.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly audit: AuditTrail,
    private readonly changes: AuditedChanges,
    private readonly later: LaterChanges,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const operation = operationOf(context.getHandler());
    if (!operation || !isAudited(operation)) return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    await this.audit.begin(operation, request);
    const write: AuditedWrite = { operation, request, before: await this.changes.before(operation, request) };
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    const { statusCode: status } = response;
    if (status === notKnownYet) {
      await this.audit.finish(request, status, null, null);
      this.later.expect(write, body);
      return of(body);
    }
    const made = this.changes.madeBy(write, status, body);
    await this.audit.finish(request, status, made, await this.changes.of(write, made, body));
    return of(body);
  }
}
