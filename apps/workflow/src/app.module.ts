import { Module } from '@nestjs/common';
import type { ServiceDefinition } from '@rollcall/service';

import { readConfig, type WorkflowConfig } from './config.js';
import { StepsModule } from './steps/steps.module.js';
import { TriggersModule } from './triggers/triggers.module.js';
import { VendorsModule } from './vendors/vendors.module.js';
import { WorkflowsModule } from './workflows/workflows.module.js';

/** The features; tests put them beside a way out of their own. */
export const features = [WorkflowsModule, TriggersModule, StepsModule];

@Module({ imports: [VendorsModule, ...features] })
export class AppModule {}

export const definition: ServiceDefinition<WorkflowConfig> = {
  service: 'workflow',
  module: AppModule,
  config: readConfig,
};
