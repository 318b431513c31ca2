import { Module } from '@nestjs/common';

import { CommandsModule } from '../commands/commands.module.js';
import { HistoryModule } from '../history/history.module.js';
import { RunsController } from './runs.controller.js';
import { RunsQueries } from './runs.queries.js';
import { RunsService } from './runs.service.js';

@Module({
  imports: [CommandsModule, HistoryModule],
  controllers: [RunsController],
  providers: [RunsQueries, RunsService],
})
export class RunsModule {}
