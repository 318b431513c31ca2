import { Module } from '@nestjs/common';

import { RunUndoModule } from '../run-undo/run-undo.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { MappingProgressRepository } from './mapping-progress.repository.js';
import { RunReportsConsumer } from './run-reports.consumer.js';

@Module({
  imports: [RunsModule, RunUndoModule],
  controllers: [RunReportsConsumer],
  providers: [MappingProgressRepository],
  exports: [MappingProgressRepository],
})
export class RunReportsModule {}
