import { Module } from '@nestjs/common';

import { RunsModule } from '../runs/runs.module.js';
import { UndoingModule } from '../undoing/undoing.module.js';
import { EarlierRunsRepository } from './earlier-runs.repository.js';
import { MappingProgressRepository } from './mapping-progress.repository.js';
import { PlanLinesRepository } from './plan-lines.repository.js';
import { RunReportsConsumer } from './run-reports.consumer.js';

@Module({
  imports: [RunsModule, UndoingModule],
  controllers: [RunReportsConsumer],
  providers: [EarlierRunsRepository, MappingProgressRepository, PlanLinesRepository],
  exports: [EarlierRunsRepository, MappingProgressRepository, PlanLinesRepository],
})
export class JudgingModule {}
