import { Controller } from '@nestjs/common';
import { peoplePlanHeld, peoplePlansTopic } from '@rollcall/contracts';
import { type BatchContext, BatchHandler, consumeEvents, DeadLetters, type MessageBatch } from '@rollcall/messaging';

import { peoplePlansGroup } from '../watches/backlogs.js';
import { PeoplePlansService } from './people-plans.service.js';

const types: ReadonlySet<string> = new Set([peoplePlanHeld.type]);

@Controller()
export class PeoplePlansConsumer {
  constructor(
    private readonly plans: PeoplePlansService,
    private readonly deadLetters: DeadLetters,
  ) {}

  @BatchHandler({ topic: peoplePlansTopic, group: peoplePlansGroup })
  async consume(batch: MessageBatch, context: BatchContext): Promise<void> {
    await consumeEvents(batch, context, {
      group: peoplePlansGroup,
      deadLetters: this.deadLetters,
      types,
      take: (event) => this.plans.take(event),
    });
  }
}
