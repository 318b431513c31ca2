import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';

import { AuditTrail } from '../audit/audit.service.js';
import { GatewayError } from '../gateway.errors.js';
import { operationOf } from '../http/operation.decorator.js';
import { type Caller, isWrite } from '../http/operation.js';
import { mayCall, openPaths, policy } from './policy.js';

/** Closed by default (P28): a route is open only if it is an operation that the policy knows, for a key with its scope. */
@Injectable()
export class AccessGuard extends AuthGuard('api-key') {
  constructor(@Inject(AuditTrail) private readonly audit: AuditTrail) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    if (openPaths.includes(request.path)) return true;
    await super.canActivate(context);
    const operation = operationOf(context.getHandler());
    if (operation && mayCall(operation.id, (request.user as Caller).scopes)) return true;
    if (operation && isWrite(operation)) await this.audit.begin(operation, request);
    throw refusal(operation?.id);
  }

  override handleRequest<User>(error: Error | null, user: User | false): User {
    if (error) throw error;
    if (user) return user;
    throw new GatewayError(
      'unauthenticated',
      'This needs a valid API key. Send it as "Authorization: Bearer <key>" or "X-Api-Key: <key>". A key that expired or was revoked opens nothing; make a new one under /api/v1/api-keys.',
    );
  }
}

function refusal(operation: string | undefined): GatewayError {
  const scope = operation === undefined ? undefined : policy[operation];
  const detail =
    scope === undefined
      ? 'This route is not open to anybody.'
      : `${operation} needs a key with the scope "${scope}", which this key has not. Use another key, or have one made with that scope.`;
  return new GatewayError('missing-scope', detail);
}
