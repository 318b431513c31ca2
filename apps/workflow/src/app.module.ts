import { Module } from '@nestjs/common';
import { ErasuresModule, type ServiceDefinition } from '@rollcall/service';

import { readConfig, type WorkflowConfig } from './config.js';
import { WorkflowTraces } from './erasures/workflow-traces.js';
import { ExecutionModule } from './execution/execution.module.js';
import { TriggersModule } from './triggers/triggers.module.js';
import { WorkflowsModule } from './workflows/workflows.module.js';

@Module({ imports: [WorkflowsModule, TriggersModule, ExecutionModule, ErasuresModule.of(WorkflowTraces)] })
export class AppModule {}

export const definition: ServiceDefinition<WorkflowConfig> = {
  service: 'workflow',
  module: AppModule,
  config: readConfig,
};
