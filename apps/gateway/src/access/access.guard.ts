import { type ExecutionContext, Injectable } from '@nestjs/common';
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
import { type Caller, isAudited, isWrite, type OperationDefinition, stranger } from '../http/operation.js';
import { stateOf } from '../http/request-state.js';
import { mustBeOwnPage, mustSendCsrfToken } from './csrf.js';
import { healthOperation, openingOf, reachInto, subjects } from './policy.js';
import { keyRefused, refusal } from './refusal.js';
import { SubjectAccess } from './subject-access.js';

/**
 * Closed by default (P28): a route is open only if it is an operation that the policy knows, for a key or a session with
 * its scope, and only as far as the right reaches.
 */
@Injectable()
export class AccessGuard extends AuthGuard(['api-key', 'session']) {
  constructor(
    private readonly audit: AuditTrail,
    private readonly health: HealthRegistry,
    private readonly admission: Admission,
    private readonly apiKeys: ApiKeysService,
    private readonly subjects: SubjectAccess,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    if (openPaths.includes(request.path)) return true;
    const operation = operationOf(context.getHandler());
    if (operation && openingOf(operation.id) === 'anyone') return this.letStrangerIn(operation, request);
    if (operation?.id === healthOperation && this.mayBeKnown(request)) await this.mustReachDatabase();
    await super.canActivate(context);
    this.admission.recognise(request);
    if (!operation) throw refusal(undefined);
    await this.judge(operation, request);
    return true;
  }

  private letStrangerIn(operation: OperationDefinition, request: Request): true {
    if (isWrite(operation)) mustBeOwnPage(request);
    request.user = stranger;
    return true;
  }

  /** What is refused here leaves its trace, too. */
  private async judge(operation: OperationDefinition, request: Request): Promise<void> {
    const caller = request.user as Caller;
    try {
      if (caller.session && isWrite(operation)) mustSendCsrfToken(request, caller.session.csrfToken);
      if (openingOf(operation.id) === 'signed-in' && !caller.operator) throw keyRefused(operation.id);
      const reach = reachInto(operation.id, caller.rights);
      if (reach === null) throw refusal(operation.id);
      if (reach === 'everywhere') return;
      stateOf(request).within = reach;
      await this.subjects.mustBeWithin(reach, subjects[operation.id]!, String(request.params['id']));
    } catch (error) {
      if (isAudited(operation)) await this.audit.begin(operation, request);
      throw error;
    }
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
      'This needs a valid API key or a session. Send a key as "Authorization: Bearer <key>" or "X-Api-Key: <key>", or sign in: POST /api/v1/session. A key that expired or was revoked opens nothing; make a new one under /api/v1/api-keys.',
    );
  }
}
