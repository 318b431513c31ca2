import { Controller } from '@nestjs/common';

import { Call, Operation } from '../http/operation.decorator.js';
import type { CallOf } from '../http/operation.js';
import {
  approveHeldPlan,
  getGuardSettings,
  getHeldPlan,
  listHeldPlans,
  rejectHeldPlan,
  setGuardSettings,
} from './held-plans.operations.js';
import { HeldPlansQueries } from './held-plans.queries.js';
import { HeldPlansService } from './held-plans.service.js';

@Controller()
export class HeldPlansController {
  constructor(
    private readonly queries: HeldPlansQueries,
    private readonly service: HeldPlansService,
  ) {}

  @Operation(listHeldPlans)
  list(@Call() { query, within }: CallOf<typeof listHeldPlans>) {
    return this.queries.list(query, within);
  }

  @Operation(getHeldPlan)
  get(@Call() { params }: CallOf<typeof getHeldPlan>) {
    return this.queries.get(params.id);
  }

  @Operation(approveHeldPlan)
  approve(@Call() call: CallOf<typeof approveHeldPlan>) {
    return this.service.approve(call.params.id, call.body, call);
  }

  @Operation(rejectHeldPlan)
  reject(@Call() call: CallOf<typeof rejectHeldPlan>) {
    return this.service.reject(call.params.id, call.body, call);
  }

  @Operation(getGuardSettings)
  settings() {
    return this.queries.settings();
  }

  @Operation(setGuardSettings)
  setSettings(@Call() call: CallOf<typeof setGuardSettings>) {
    return this.service.setSettings(call.body, call);
  }
}
