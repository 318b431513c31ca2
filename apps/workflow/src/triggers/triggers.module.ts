import { Module } from '@nestjs/common';

import { WorkflowRunsModule } from '../workflow-runs/workflow-runs.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { TriggersConsumer } from './triggers.consumer.js';
import { TriggersService } from './triggers.service.js';

@Module({
  imports: [WorkflowsModule, WorkflowRunsModule],
  controllers: [TriggersConsumer],
  providers: [TriggersService],
})
export class TriggersModule {}
