import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { WorkflowsController } from './workflows.controller.js';
import { WorkflowsQueries } from './workflows.queries.js';
import { WorkflowsService } from './workflows.service.js';

@Module({
  imports: [CommandsModule],
  controllers: [WorkflowsController],
  providers: [WorkflowsQueries, WorkflowsService],
})
export class WorkflowsModule {}
