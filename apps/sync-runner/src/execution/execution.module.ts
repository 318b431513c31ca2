import { Module } from '@nestjs/common';

import { DeactivationGuardModule } from '../deactivation-guard/deactivation-guard.module.js';
import { HeldPlansModule } from '../held-plans/held-plans.module.js';
import { IntegrationsModule } from '../integrations/integrations.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { RunReportsModule } from '../run-reports/run-reports.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { SweepsModule } from '../sweeps/sweeps.module.js';
import { VendorsModule } from '../vendors/vendors.module.js';
import { ReportWaitService } from './report-wait.service.js';
import { RunExecutionService } from './run-execution.service.js';
import { RunLoop } from './run-loop.js';
import { RunReaderService } from './run-reader.service.js';
import { RunSweepService } from './run-sweep.service.js';
import { RunVerdictService } from './run-verdict.service.js';

/** Takes runs from their plan to their end; stands above the features that know one step each. */
@Module({
  imports: [
    HeldPlansModule,
    IntegrationsModule,
    DeactivationGuardModule,
    RunReportsModule,
    VendorsModule,
    ReadingModule,
    RunsModule,
    SweepsModule,
  ],
  providers: [ReportWaitService, RunLoop, RunExecutionService, RunReaderService, RunSweepService, RunVerdictService],
})
export class ExecutionModule {}
