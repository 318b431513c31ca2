import { Injectable } from '@nestjs/common';
import type { Operation } from '@rollcall/contracts';
import { CommandSender } from '@rollcall/messaging';

import { describeOutcome } from '../commands/command-outcome.js';
import { OperationsRepository } from '../commands/operations.repository.js';
import { notFound } from '../gateway.errors.js';
import type { Caller } from '../http/operation.js';

@Injectable()
export class OperationsQueries {
  constructor(
    private readonly operations: OperationsRepository,
    private readonly sender: CommandSender,
  ) {}

  /** The operation with its outcome as known now. One of somebody else looks like one that does not exist (P28). */
  async get(id: string, caller: Caller): Promise<Operation> {
    const document = await this.operations.find(id);
    const isVisible = document !== null && (document.actor === caller.actor || caller.scopes.includes('admin'));
    if (!isVisible) throw notFound(`operation ${id}`);
    const outcome = await this.sender.look(this.operations.referenceOf(document));
    return {
      id,
      type: document.type,
      ...describeOutcome(outcome),
      createdAt: document.createdAt.toISOString(),
      deadline: document.deadline.toISOString(),
    };
  }
}
