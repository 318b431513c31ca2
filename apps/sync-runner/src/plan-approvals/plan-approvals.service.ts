import { Injectable } from '@nestjs/common';
import type { approvePlan, HeldPlanRecord, InputOf, RunRecord } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import { HeldPlansService } from '../held-plans/held-plans.service.js';
import { RunRequestsService } from '../runs/run-requests.service.js';
import { SweepsService } from '../sweeps/sweeps.service.js';

/** What a person decides on a held plan: an approval and the run that it starts are one transaction (E4). */
@Injectable()
export class PlanApprovalsService {
  constructor(
    private readonly plans: HeldPlansService,
    private readonly requests: RunRequestsService,
    private readonly sweeps: SweepsService,
  ) {}

  async approve(
    { plan: id, hash, note, holders }: InputOf<typeof approvePlan>,
    context: CommandContext,
  ): Promise<{ plan: HeldPlanRecord; run: RunRecord }> {
    const { session, actor } = context;
    const plan = await this.plans.get(id, session);
    const { approvalByEditor } = await this.sweeps.settings(session);
    await this.plans.requireApprovable(session, plan, { hash, actor, holders, approvalByEditor });
    const run = await this.requests.start(plan.integration, context, { approves: { plan: id, run: plan.run } });
    return { plan: await this.plans.approve(session, id, run.id, { actor, note }), run };
  }

  async reject(id: string, note: string | null, { session, actor }: CommandContext): Promise<HeldPlanRecord> {
    return this.plans.reject(session, id, { actor, note });
  }
}
