import { Module } from '@nestjs/common';
import { ErasuresModule, RetentionModule, type ServiceDefinition } from '@rollcall/service';

import { readConfig, type SyncRunnerConfig } from './config.js';
import { DecidingModule } from './deciding/deciding.module.js';
import { RunTraces } from './erasures/run-traces.js';
import { ExecutionModule } from './execution/execution.module.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { JudgingModule } from './judging/judging.module.js';
import { PreviewsModule } from './previews/previews.module.js';
import { RunRetention } from './retention/run-retention.js';
import { RetryingModule } from './retrying/retrying.module.js';
import { RunsModule } from './runs/runs.module.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { TrialsModule } from './trials/trials.module.js';
import { UndoingModule } from './undoing/undoing.module.js';
import { VendorsModule } from './vendors/vendors.module.js';

@Module({
  imports: [
    IntegrationsModule,
    SchedulesModule,
    RunsModule,
    VendorsModule,
    JudgingModule,
    ExecutionModule,
    TrialsModule,
    UndoingModule,
    DecidingModule,
    PreviewsModule,
    RetryingModule,
    ErasuresModule.of(RunTraces),
    RetentionModule.of(RunRetention),
  ],
})
export class AppModule {}

export const definition: ServiceDefinition<SyncRunnerConfig> = {
  service: 'sync-runner',
  module: AppModule,
  config: readConfig,
};
