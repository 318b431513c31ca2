import { Injectable } from '@nestjs/common';
import { approvePlan, type InputOf, rejectPlan, type ResultOf, setGuardSettings } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { PlannedRuns } from '../runs/planned-runs.js';
import { SweepsService } from '../sweeps/sweeps.service.js';
import { PlanApprovalsService } from './plan-approvals.service.js';

@Injectable()
export class PlanApprovalsCommands {
  constructor(
    private readonly approvals: PlanApprovalsService,
    private readonly sweeps: SweepsService,
    private readonly planned: PlannedRuns,
  ) {}

  @HandleCommand(approvePlan)
  async approve(input: InputOf<typeof approvePlan>, context: CommandContext): Promise<ResultOf<typeof approvePlan>> {
    context.afterCommit(() => this.planned.announce());
    return this.approvals.approve(input, context);
  }

  @HandleCommand(rejectPlan)
  async reject(
    { plan, note }: InputOf<typeof rejectPlan>,
    context: CommandContext,
  ): Promise<ResultOf<typeof rejectPlan>> {
    return { plan: await this.approvals.reject(plan, note, context) };
  }

  @HandleCommand(setGuardSettings)
  async setSettings(
    input: InputOf<typeof setGuardSettings>,
    { session }: CommandContext,
  ): Promise<ResultOf<typeof setGuardSettings>> {
    return { settings: await this.sweeps.setSettings(session, input) };
  }
}
