import { Module } from '@nestjs/common';

import { AttemptsService } from '../intents/attempts.service.js';
import { DestructiveSteps } from '../intents/destructive-steps.service.js';
import { EffectBudgetsRepository } from '../intents/effect-budgets.repository.js';
import { EffectGuard } from '../intents/effect-guard.service.js';
import { IntentsRepository } from '../intents/intents.repository.js';
import { LeasesService } from '../leases/leases.service.js';
import { RecordsModule } from '../records/records.module.js';
import { VendorSessions } from '../vendors/vendor-sessions.service.js';
import { WorkflowRunsModule } from '../workflow-runs/workflow-runs.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { HarmlessSteps } from './harmless-steps.service.js';
import { StepLoop } from './step-loop.service.js';
import { StepRunner } from './step-runner.service.js';
import { SubjectsService } from './subjects.service.js';

@Module({
  imports: [RecordsModule, WorkflowRunsModule, WorkflowsModule],
  providers: [
    AttemptsService,
    DestructiveSteps,
    EffectBudgetsRepository,
    EffectGuard,
    HarmlessSteps,
    IntentsRepository,
    LeasesService,
    StepLoop,
    StepRunner,
    SubjectsService,
    VendorSessions,
  ],
})
export class StepsModule {}
