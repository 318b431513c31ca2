import { Module } from '@nestjs/common';
import { ErasuresModule, RetentionModule, type ServiceDefinition } from '@rollcall/service';

import { readConfig, type SyncRunnerConfig } from './config.js';
import { DeactivationGuardModule } from './deactivation-guard/deactivation-guard.module.js';
import { RunTraces } from './erasures/run-traces.js';
import { ExecutionModule } from './execution/execution.module.js';
import { InputChecksModule } from './input-checks/input-checks.module.js';
import { IntegrationsModule } from './integrations/integrations.module.js';
import { PlanApprovalsModule } from './plan-approvals/plan-approvals.module.js';
import { PreviewsModule } from './previews/previews.module.js';
import { RunRetention } from './retention/run-retention.js';
import { RunReportsModule } from './run-reports/run-reports.module.js';
import { RunRetriesModule } from './run-retries/run-retries.module.js';
import { RunUndoModule } from './run-undo/run-undo.module.js';
import { RunsModule } from './runs/runs.module.js';
import { SchedulesModule } from './schedules/schedules.module.js';
import { VendorsModule } from './vendors/vendors.module.js';

@Module({
  imports: [
    IntegrationsModule,
    SchedulesModule,
    RunsModule,
    VendorsModule,
    RunReportsModule,
    DeactivationGuardModule,
    ExecutionModule,
    InputChecksModule,
    RunUndoModule,
    PlanApprovalsModule,
    PreviewsModule,
    RunRetriesModule,
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
