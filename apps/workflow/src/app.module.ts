import { Module } from '@nestjs/common';
import { ErasuresModule, RetentionModule, type ServiceDefinition } from '@rollcall/service';

import { readConfig, type WorkflowConfig } from './config.js';
import { WorkflowTraces } from './erasures/workflow-traces.js';
import { ExecutionModule } from './execution/execution.module.js';
import { WorkflowRetention } from './retention/workflow-retention.js';
import { TriggersModule } from './triggers/triggers.module.js';
import { WorkflowsModule } from './workflows/workflows.module.js';

@Module({
  imports: [
    WorkflowsModule,
    TriggersModule,
    ExecutionModule,
    ErasuresModule.of(WorkflowTraces),
    RetentionModule.of(WorkflowRetention),
  ],
})
export class AppModule {}

export const definition: ServiceDefinition<WorkflowConfig> = {
  service: 'workflow',
  module: AppModule,
  config: readConfig,
};
