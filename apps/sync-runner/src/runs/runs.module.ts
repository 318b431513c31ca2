import { Module } from '@nestjs/common';

import { PlannedRuns } from './planned-runs.js';
import { RunRequestsService } from './run-requests.service.js';
import { RunsCommands } from './runs.commands.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

@Module({
  providers: [PlannedRuns, RunsCommands, RunRequestsService, RunsService, RunsRepository],
  exports: [PlannedRuns, RunRequestsService, RunsService, RunsRepository],
})
export class RunsModule {}
