import { Module } from '@nestjs/common';

import { IntegrationsModule } from '../integrations/integrations.module.js';
import { JudgingModule } from '../judging/judging.module.js';
import { LeasesModule } from '../leases/leases.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { RunExecutionService } from './run-execution.service.js';
import { RunJudgeService } from './run-judge.service.js';
import { RunLoop } from './run-loop.js';
import { RunReaderService } from './run-reader.service.js';

/** Takes runs from their plan to their end; stands above the features that know one step each. */
@Module({
  imports: [IntegrationsModule, JudgingModule, LeasesModule, ReadingModule, RunsModule],
  providers: [RunLoop, RunExecutionService, RunReaderService, RunJudgeService],
})
export class ExecutionModule {}
