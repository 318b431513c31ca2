import { Module } from '@nestjs/common';

import { RunRequestsService } from './run-requests.service.js';
import { RunsCommands } from './runs.commands.js';
import { RunsRepository } from './runs.repository.js';
import { RunsService } from './runs.service.js';

@Module({
  providers: [RunsCommands, RunRequestsService, RunsService, RunsRepository],
  exports: [RunRequestsService, RunsService, RunsRepository],
})
export class RunsModule {}
