import { Injectable } from '@nestjs/common';
import {
  approvePeoplePlan,
  type ApprovePeoplePlanBody,
  type LeftData,
  type MergeBody,
  type PeoplePlanRecord,
  type PreviewedChange,
  previewPeopleEffect,
  type PreviewSourcesBody,
  rejectPeoplePlan,
  type RejectPeoplePlanBody,
  undoPeoplePlan,
  type UpdateIntegrationBody,
} from '@rollcall/contracts';

import { ApiKeysService } from '../api-keys/api-keys.service.js';
import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

const bodyOf = ({ plan }: { plan: PeoplePlanRecord }) => plan;

@Injectable()
export class PeoplePlansService {
  constructor(
    private readonly commands: OwnerCommands,
    private readonly apiKeys: ApiKeysService,
  ) {}

  async approve(plan: string, { hash, note }: ApprovePeoplePlanBody, call: CallContext) {
    const plainBody = { plan, hash, note };
    const input = { ...plainBody, holders: await this.apiKeys.holders(call.caller) };
    return this.commands.send(approvePeoplePlan, call, { aggregate: plan, input, plainBody, bodyOf });
  }

  async reject(plan: string, { note }: RejectPeoplePlanBody, call: CallContext) {
    return this.commands.send(rejectPeoplePlan, call, { aggregate: plan, input: { plan, note }, bodyOf });
  }

  async undo(plan: string, call: CallContext) {
    return this.commands.send(undoPeoplePlan, call, { aggregate: plan, input: { plan }, bodyOf });
  }

  async previewUpdate(integration: string, { authoritative, priority }: UpdateIntegrationBody, call: CallContext) {
    return this.preview(integration, { kind: 'integration', integration, authoritative, priority }, call);
  }

  /** Data that is kept decides on as before. */
  async previewDeletion(integration: string, data: LeftData, call: CallContext) {
    return this.preview(integration, { kind: data === 'clean' ? 'retirement' : 'integration', integration }, call);
  }

  async previewSources({ sources }: PreviewSourcesBody, call: CallContext) {
    return this.preview('fold', { kind: 'sources', sources }, call);
  }

  async previewMerge(keep: string, { merged }: MergeBody, call: CallContext) {
    return this.preview(keep, { kind: 'merge', keep, merged }, call);
  }

  private async preview(aggregate: string, input: PreviewedChange, call: CallContext) {
    return this.commands.send(previewPeopleEffect, call, { aggregate, input, bodyOf: (effect) => effect });
  }
}
