import { Module } from '@nestjs/common';

import { IntentsModule } from '../intents/intents.module.js';
import { StepsModule } from '../steps/steps.module.js';
import { VendorsModule } from '../vendors/vendors.module.js';
import { WorkflowRunsModule } from '../workflow-runs/workflow-runs.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { StepLoop } from './step-loop.service.js';
import { StepRunner } from './step-runner.service.js';

@Module({
  imports: [IntentsModule, StepsModule, VendorsModule, WorkflowRunsModule, WorkflowsModule],
  providers: [StepLoop, StepRunner],
})
export class ExecutionModule {}
