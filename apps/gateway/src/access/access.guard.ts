import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { HealthRegistry } from '@rollcall/observability';
import type { Request } from 'express';

import { Admission } from '../admission/admission.service.js';
import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { AuditTrail } from '../audit/audit.service.js';
import { GatewayError } from '../gateway.errors.js';
import { keyOf } from '../http/key-of.js';
import { openPaths } from '../http/open-paths.js';
import { operationOf } from '../http/operation.decorator.js';
import { type Caller, isWrite } from '../http/operation.js';
import { healthOperation, mayCall, policy } from './policy.js';

/** Closed by default (P28): a route is open only if it is an operation that the policy knows, for a key with its scope. */
@Injectable()
export class AccessGuard extends AuthGuard('api-key') {
  constructor(
    @Inject(AuditTrail) private readonly audit: AuditTrail,
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
    @Inject(Admission) private readonly admission: Admission,
    @Inject(ApiKeysService) private readonly apiKeys: ApiKeysService,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    if (openPaths.includes(request.path)) return true;
    const operation = operationOf(context.getHandler());
    if (operation?.id === healthOperation && this.mayBeKnown(request)) await this.mustReachDatabase();
    await super.canActivate(context);
    this.admission.recognise(request);
    if (operation && mayCall(operation.id, (request.user as Caller).scopes)) return true;
    if (operation && isWrite(operation)) await this.audit.begin(operation, request);
    throw refusal(operation?.id);
  }

  /** Checks ask the engines, which is not done for anybody who comes along without a key. */
  private mayBeKnown(request: Request): boolean {
    const key = keyOf(request);
    return key !== null && this.apiKeys.mayBeRight(key);
  }

  /** Who asks for the health wants to hear of a lost database at once, and not when looking up the key has given up. */
  private async mustReachDatabase(): Promise<void> {
    const state = (await this.health.report()).checks['mongodb'];
    if (state && !state.ok)
      throw new GatewayError('database-unreachable', `${state.detail} No key can be checked now.`);
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
