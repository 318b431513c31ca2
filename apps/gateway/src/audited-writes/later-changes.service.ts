import { Inject, Injectable } from '@nestjs/common';
import { errorText } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { EveryInterval, LOGGER } from '@rollcall/service';

import { AuditTrail } from '../audit/audit.service.js';
import { isSettled } from '../commands/command-outcome.js';
import { OperationsRepository } from '../commands/operations.repository.js';
import { statusOf } from '../http/operation.js';
import { callerOf, stateOf } from '../http/request-state.js';
import { statusOfCode } from '../problems/problem-status.js';
import { AuditedChanges, type AuditedWrite } from './audited-changes.service.js';

const lookMs = 1_000;
/** Owners that are away for long are asked for seldom. */
const longestPauseMs = 30_000;
/** Longer than any command has time. */
const patienceMs = 30 * 60_000;
/** More than an installation has under way; of those beyond them the audit has the request alone. */
const mostExpected = 500;

interface Expected {
  readonly write: AuditedWrite;
  readonly operationId: string;
  /** On the monotonic clock, as is the next. */
  readonly until: number;
  readonly lookAt: number;
  readonly pauseMs: number;
}

/**
 * Completes the audit of writes that were answered with 202: once the owner has carried one out, an entry of the same request
 * says what became of it and what it changed. A gateway that ends before keeps the request alone, as its entry says.
 */
@Injectable()
export class LaterChanges {
  private expected: Expected[] = [];

  constructor(
    private readonly audit: AuditTrail,
    private readonly changes: AuditedChanges,
    private readonly operations: OperationsRepository,
    private readonly sender: CommandSender,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @param answer the operation that the client was told of */
  expect(write: AuditedWrite, answer: unknown): void {
    const { id } = (answer ?? {}) as { id?: unknown };
    if (typeof id !== 'string' || this.expected.length >= mostExpected) return;
    const now = performance.now();
    this.expected.push({ write, operationId: id, until: now + patienceMs, lookAt: now, pauseMs: lookMs });
  }

  @EveryInterval('complete the audit of what was answered with 202', lookMs)
  async look(): Promise<void> {
    const now = performance.now();
    const due = this.expected.filter(({ lookAt }) => lookAt <= now);
    this.expected = this.expected.filter(({ lookAt }) => lookAt > now);
    for (const one of due) if (!(await this.isSettled(one))) this.expected.push(laterThan(one));
  }

  private async isSettled(expected: Expected): Promise<boolean> {
    if (performance.now() > expected.until) return true;
    try {
      return await this.settle(expected);
    } catch (error) {
      this.logger.warn(`what an accepted request changed is not in the audit yet: ${errorText(error)}`);
      return false;
    }
  }

  private async settle({ write, operationId }: Expected): Promise<boolean> {
    const stored = await this.operations.find(operationId);
    if (stored === null) return true;
    const outcome = await this.sender.look(this.operations.referenceOf(stored));
    if (outcome.status === 'never') return true;
    if (!isSettled(outcome)) return false;
    if (outcome.status === 'refused') await this.note(write, statusOfCode(outcome.error.code) ?? 500, null, undefined);
    else {
      const { operation } = write;
      const body = answerIn(outcome.result, write);
      await this.note(write, statusOf(operation), this.changes.madeBy(write, statusOf(operation), body), body);
    }
    return true;
  }

  private async note(write: AuditedWrite, status: number, made: string | null, body: unknown): Promise<void> {
    const { operation, request } = write;
    const changes = status < 400 ? await this.changes.of(write, made, body) : null;
    const { requestId } = stateOf(request);
    await this.audit.note({
      actor: callerOf(request)!.actor,
      operation: operation.id,
      object: this.audit.objectOf(request, made),
      requestId,
      address: request.ip ?? '',
      status,
      changes,
    });
  }
}

function laterThan(expected: Expected): Expected {
  const pauseMs = Math.min(2 * expected.pauseMs, longestPauseMs);
  return { ...expected, lookAt: performance.now() + pauseMs, pauseMs };
}

/** What the owner made or changed is in its result under a name; the API answers with that alone. */
function answerIn(result: unknown, { operation }: AuditedWrite): unknown {
  const inner = [result, ...Object.values((result ?? {}) as object)];
  for (const one of inner) {
    const parsed = operation.result?.safeParse(one);
    if (parsed?.success) return parsed.data;
  }
  return undefined;
}
