import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { AuditedChange } from '@rollcall/contracts';
import type { Request, Response } from 'express';
import { lastValueFrom, type Observable, of } from 'rxjs';

import { operationOf } from '../http/operation.decorator.js';
import { isAudited, type OperationDefinition } from '../http/operation.js';
import { stateOf } from '../http/request-state.js';
import { AuditTrail } from './audit.service.js';
import { changedValues } from './changed-values.js';
import { ShownRecords } from './shown-records.js';

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
    private readonly records: ShownRecords,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const operation = operationOf(context.getHandler());
    if (!operation || !isAudited(operation)) return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    await this.audit.begin(operation, request);
    const before = operation.auditsNoValues ? null : await this.records.read(operation, request, request.params);
    const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
    // What a path does not name, the answer does: a new record, or the credential that a consent completed.
    const made = operation.path.includes('/:id') && response.statusCode !== 201 ? null : idOf(body);
    const changes =
      response.statusCode === notKnownYet || operation.auditsNoValues
        ? null
        : await this.changes({ operation, request, before, made, body });
    await this.audit.finish(request, response.statusCode, made, changes);
    return of(body);
  }

  private async changes(write: {
    operation: OperationDefinition;
    request: Request;
    before: unknown;
    made: string | null;
    body: unknown;
  }): Promise<AuditedChange[] | null> {
    const { operation, request, made, body } = write;
    // A run of an integration, or its copy: the record of the path stays as it is, and the answer is what was made. The test of the policy sees to it that none of these answers holds a secret.
    const isAnother = made !== null && operation.path.includes('/:id') && made !== request.params['id'];
    const before = isAnother ? null : write.before;
    const after = isAnother
      ? body
      : await this.records.read(operation, request, made === null ? request.params : { id: made });
    const all = [...changedValues(before, after), ...secretChanges(request.body), ...signIns(request)];
    return before === null && after === null && all.length === 0 ? null : all;
  }
}

function idOf(body: unknown): string | null {
  const { id } = (body ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : null;
}

/** Whoever asked was a stranger then. */
function signIns(request: Request): AuditedChange[] {
  const { signedIn } = stateOf(request);
  return typeof signedIn === 'string' ? [{ pointer: '/actor', from: null, to: signedIn }] : [];
}

/** Inputs of credentials are sealed and shown nowhere; the audit says which of them somebody sent. */
function secretChanges(body: unknown): AuditedChange[] {
  const { fields } = (body ?? {}) as { fields?: unknown };
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return [];
  return Object.keys(fields).map((name) => ({ pointer: `/fields/${name}`, from: '[secret]', to: '[secret]' }));
}
