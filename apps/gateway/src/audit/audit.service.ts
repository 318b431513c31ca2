import { randomUUID } from 'node:crypto';

import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { type AuditDocument, ChainWriter } from '@rollcall/collections';
import type { AuditedChange } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import { EveryInterval, INFRASTRUCTURE, type Infrastructure } from '@rollcall/service';
import type { Request } from 'express';

import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { apiPrefix, type OperationDefinition } from '../http/operation.js';
import { callerOf, stateOf } from '../http/request-state.js';
import { AuditRepository } from './audit.repository.js';
import { auditDigestOf, type AuditEntry, contentOf } from './audit-entries.js';

/** Status of a write whose outcome was not noted: the gateway ended in between. */
const statusUnknown = 0;

const headEveryMs = 10_000;

interface NotedOutcome {
  readonly address: string;
  readonly status: number;
  /** Left out where it is not known what it changed. */
  readonly changes?: AuditedChange[] | null;
}

/**
 * Who asked for what, written before it is tried and completed afterwards, so that nothing is ever asked of an owner
 * without a trace (P11). Bodies may contain secrets (F5) and are not part of it: what changed is read from the records.
 */
@Injectable()
export class AuditTrail implements BeforeApplicationShutdown {
  private readonly chain: ChainWriter<AuditEntry>;

  constructor(
    private readonly repository: AuditRepository,
    private readonly sender: CommandSender,
    @Inject(INFRASTRUCTURE) { signing }: Infrastructure,
  ) {
    this.chain = new ChainWriter<AuditEntry>({
      digest: auditDigestOf(signing),
      contentOf,
      append: async (entries) => {
        for (const { entry, link } of entries) {
          if (entry.kind === 'asked') await this.repository.insert({ ...entry.document, link });
          else await this.repository.setOutcome(entry.id, { ...entry.outcome, endLink: link });
        }
      },
      storeHead: (head) => this.repository.noteHead(head),
    });
  }

  async begin(operation: OperationDefinition, request: Request): Promise<void> {
    const state = stateOf(request);
    const caller = callerOf(request);
    if (!caller || state.audit !== undefined) return;
    const document: AuditDocument = {
      _id: randomUUID(),
      at: this.repository.time(),
      actor: caller.actor,
      operation: operation.id,
      object: objectOf(request),
      command: operation.command ? this.sender.idOf(caller.actor, idempotencyKeyOf(request)) : null,
      status: statusUnknown,
      requestId: state.requestId,
      ...(request.ip !== undefined && { address: request.ip }),
    };
    await this.chain.write({ kind: 'asked', document });
    state.audit = document._id;
  }

  /** Notes how a write ended. Requests without an audit document, which are reads, leave nothing. */
  async finish(request: Request, status: number, made: string | null, changes: AuditedChange[] | null): Promise<void> {
    const { audit } = stateOf(request);
    if (audit === undefined) return;
    const object = this.objectOf(request, made);
    const outcome = { status, object, made, changes, endedAt: this.repository.time() };
    await this.chain.write({ kind: 'ended', id: audit, outcome });
  }

  /** Notes what somebody set off by a request that has been answered already. */
  async note(entry: Pick<AuditDocument, 'actor' | 'operation' | 'object' | 'requestId'> & NotedOutcome): Promise<void> {
    const { status, changes = null, ...asked } = entry;
    const at = this.repository.time();
    const document = { ...asked, _id: randomUUID(), at, command: null, status: statusUnknown };
    await this.chain.write({ kind: 'asked', document });
    const outcome = { status, object: asked.object, made: null, changes, endedAt: this.repository.time() };
    await this.chain.write({ kind: 'ended', id: document._id, outcome });
  }

  /** What a request is about: the path below the prefix of the API, with what it made. */
  objectOf(request: Request, made: string | null): string {
    return made === null ? objectOf(request) : `${objectOf(request)}/${made}`;
  }

  @EveryInterval('note the head of the audit', headEveryMs)
  noteHead(): Promise<void> {
    return this.chain.noteHead();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.chain.noteHead();
  }
}

const objectOf = (request: Request): string => request.path.slice(apiPrefix.length + 1);
