import { Injectable } from '@nestjs/common';
import {
  type ApproveHeldPlanBody,
  approvePlan,
  type GuardSettingsBody,
  type RejectHeldPlanBody,
  rejectPlan,
  setGuardSettings,
} from '@rollcall/contracts';

import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class HeldPlansService {
  constructor(
    private readonly commands: OwnerCommands,
    private readonly apiKeys: ApiKeysService,
  ) {}

  async approve(plan: string, { hash, note }: ApproveHeldPlanBody, call: CallContext) {
    const plainBody = { plan, hash, note };
    const input = { ...plainBody, holders: await this.apiKeys.holders(call.caller) };
    return this.commands.send(approvePlan, call, { aggregate: plan, input, plainBody, bodyOf: (result) => result });
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
