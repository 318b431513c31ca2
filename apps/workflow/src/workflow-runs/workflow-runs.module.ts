import { Module } from '@nestjs/common';

import { WorkflowRunsRepository } from './workflow-runs.repository.js';
import { WorkflowRunsService } from './workflow-runs.service.js';

@Module({
  providers: [WorkflowRunsRepository, WorkflowRunsService],
  exports: [WorkflowRunsRepository, WorkflowRunsService],
})
export class WorkflowRunsModule {}
