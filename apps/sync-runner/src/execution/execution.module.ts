import { Module } from '@nestjs/common';

import { HeldPlansModule } from '../held-plans/held-plans.module.js';
import { IntegrationsModule } from '../integrations/integrations.module.js';
import { JudgingModule } from '../judging/judging.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { SweepsModule } from '../sweeps/sweeps.module.js';
import { VendorsModule } from '../vendors/vendors.module.js';
import { ReportWaitService } from './report-wait.service.js';
import { RunExecutionService } from './run-execution.service.js';
import { RunJudgeService } from './run-judge.service.js';
import { RunLoop } from './run-loop.js';
import { RunReaderService } from './run-reader.service.js';

/** Takes runs from their plan to their end; stands above the features that know one step each. */
@Module({
  imports: [HeldPlansModule, IntegrationsModule, JudgingModule, VendorsModule, ReadingModule, RunsModule, SweepsModule],
  providers: [ReportWaitService, RunLoop, RunExecutionService, RunReaderService, RunJudgeService],
})
export class ExecutionModule {}
