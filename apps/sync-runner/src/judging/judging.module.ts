import { Module } from '@nestjs/common';

import { RunsModule } from '../runs/runs.module.js';
import { PlanLinesRepository } from './plan-lines.repository.js';
import { RunReportsConsumer } from './run-reports.consumer.js';

@Module({
  imports: [RunsModule],
  controllers: [RunReportsConsumer],
  providers: [PlanLinesRepository],
  exports: [PlanLinesRepository],
})
export class JudgingModule {}
