import { Controller } from '@nestjs/common';
import { runsTopic } from '@rollcall/contracts';
import { type BatchContext, BatchHandler, consumeEvents, DeadLetters, type MessageBatch } from '@rollcall/messaging';

import { runsGroup } from './backlogs.js';
import { watchedTypes, WatchesService } from './watches.service.js';

@Controller()
export class WatchesConsumer {
  constructor(
    private readonly watches: WatchesService,
    private readonly deadLetters: DeadLetters,
  ) {}

  @BatchHandler({ topic: runsTopic, group: runsGroup })
  async consume(batch: MessageBatch, context: BatchContext): Promise<void> {
    await consumeEvents(batch, context, {
      group: runsGroup,
      deadLetters: this.deadLetters,
      types: watchedTypes,
      take: (event) => this.watches.take(event),
    });
  }
}
