import { Module } from '@nestjs/common';

import { RecordsModule } from '../records/records.module.js';
import { VendorsModule } from '../vendors/vendors.module.js';
import { ActiveWorkflows } from './active-workflows.service.js';
import { WorkflowsCommands } from './workflows.commands.js';
import { WorkflowsRepository } from './workflows.repository.js';
import { WorkflowsService } from './workflows.service.js';

@Module({
  imports: [RecordsModule, VendorsModule],
  providers: [WorkflowsCommands, WorkflowsService, WorkflowsRepository, ActiveWorkflows],
  exports: [WorkflowsRepository, ActiveWorkflows],
})
export class WorkflowsModule {}
