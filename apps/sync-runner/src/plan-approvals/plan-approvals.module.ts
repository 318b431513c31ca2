import { Module } from '@nestjs/common';

import { HeldPlansModule } from '../held-plans/held-plans.module.js';
import { IntegrationsModule } from '../integrations/integrations.module.js';
import { RunsModule } from '../runs/runs.module.js';
import { SweepsModule } from '../sweeps/sweeps.module.js';
import { PlanApprovalsCommands } from './plan-approvals.commands.js';
import { PlanApprovalsService } from './plan-approvals.service.js';

@Module({
  imports: [HeldPlansModule, IntegrationsModule, RunsModule, SweepsModule],
  providers: [PlanApprovalsCommands, PlanApprovalsService],
})
export class PlanApprovalsModule {}
