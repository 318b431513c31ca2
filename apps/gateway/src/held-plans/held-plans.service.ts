import { Inject, Injectable } from '@nestjs/common';
import {
  type ApproveHeldPlanBody,
  approvePlan,
  type GuardSettingsBody,
  type RejectHeldPlanBody,
  rejectPlan,
  setGuardSettings,
} from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class HeldPlansService {
  constructor(@Inject(OwnerCommands) private readonly commands: OwnerCommands) {}

  async approve(plan: string, { hash, note }: ApproveHeldPlanBody, call: CallContext) {
    const input = { plan, hash, note };
    return this.commands.send(approvePlan, call, { aggregate: plan, input, bodyOf: (result) => result });
  }

  async reject(plan: string, { note }: RejectHeldPlanBody, call: CallContext) {
    const input = { plan, note };
    return this.commands.send(rejectPlan, call, { aggregate: plan, input, bodyOf: (result) => result.plan });
  }

  async setSettings(input: GuardSettingsBody, call: CallContext) {
    return this.commands.send(setGuardSettings, call, {
      aggregate: 'guard',
      input,
      bodyOf: ({ settings }) => settings,
    });
  }
}
