import { randomUUID } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';
import { CommandSender } from '@rollcall/messaging';
import type { Request } from 'express';

import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { apiPrefix, type OperationDefinition } from '../http/operation.js';
import { callerOf, stateOf } from '../http/request-state.js';
import { AuditRepository } from './audit.repository.js';

/** Status of a write whose outcome was not noted: the gateway ended in between. */
const statusUnknown = 0;

/**
 * Who asked for what, written before it is tried and completed afterwards, so that nothing is ever asked of an owner
 * without a trace (P11). Holds names and ids only: bodies may contain secrets (F5).
 */
@Injectable()
export class AuditTrail {
  constructor(
    @Inject(AuditRepository) private readonly repository: AuditRepository,
    @Inject(CommandSender) private readonly sender: CommandSender,
  ) {}

  async begin(operation: OperationDefinition, request: Request): Promise<void> {
    const state = stateOf(request);
    const caller = callerOf(request);
    if (!caller || state.audit !== undefined) return;
    const id = randomUUID();
    await this.repository.insert({
      _id: id,
      at: this.repository.time(),
      actor: caller.actor,
      operation: operation.id,
      object: request.path.slice(apiPrefix.length + 1),
      command: operation.command ? this.sender.idOf(caller.actor, idempotencyKeyOf(request)) : null,
      status: statusUnknown,
      requestId: state.requestId,
    });
    state.audit = id;
  }

  /** Notes how a write ended. Requests without an audit document, which are reads, leave nothing. */
  async finish(request: Request, status: number, body: unknown): Promise<void> {
    const { audit } = stateOf(request);
    if (audit === undefined) return;
    const made = status === 201 ? (body as { id?: unknown } | undefined)?.id : undefined;
    const object = typeof made === 'string' ? { object: `${request.path.slice(apiPrefix.length + 1)}/${made}` } : {};
    await this.repository.setOutcome(audit, { status, ...object });
  }
}
