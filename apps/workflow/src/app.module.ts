import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@rollcall/service';

import { readConfig, type WorkflowConfig } from './config.js';
import { ExecutionModule } from './execution/execution.module.js';
import { TriggersModule } from './triggers/triggers.module.js';
import { WorkflowsModule } from './workflows/workflows.module.js';

@Module({ imports: [WorkflowsModule, TriggersModule, ExecutionModule] })
export class AppModule {}

export const definition: ServiceDefinition<WorkflowConfig> = {
  service: 'workflow',
  module: AppModule,
  config: readConfig,
};
