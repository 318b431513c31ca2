import { Module } from '@nestjs/common';

import { WorkflowRunsModule } from '../workflow-runs/workflow-runs.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { StoredChanges } from './stored-changes.js';
import { TriggersConsumer } from './triggers.consumer.js';
import { TriggersService } from './triggers.service.js';

@Module({
  imports: [WorkflowsModule, WorkflowRunsModule],
  controllers: [TriggersConsumer],
  providers: [StoredChanges, TriggersService],
})
export class TriggersModule {}
