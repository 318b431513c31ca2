import { Controller } from '@nestjs/common';
import { peopleTopic, saasUsersTopic } from '@rollcall/contracts';
import { type BatchContext, BatchHandler, type MessageBatch } from '@rollcall/messaging';

import { TriggersService } from './triggers.service.js';

const peopleGroup = 'workflow.people';
const saasUsersGroup = 'workflow.saas-users';

@Controller()
export class TriggersConsumer {
  constructor(private readonly triggers: TriggersService) {}

  @BatchHandler({ topic: peopleTopic, group: peopleGroup })
  async people(batch: MessageBatch, context: BatchContext): Promise<void> {
    await this.triggers.take(batch, context, peopleGroup);
  }

  @BatchHandler({ topic: saasUsersTopic, group: saasUsersGroup })
  async saasUsers(batch: MessageBatch, context: BatchContext): Promise<void> {
    await this.triggers.take(batch, context, saasUsersGroup);
  }
}
