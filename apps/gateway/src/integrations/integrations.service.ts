import { Inject, Injectable } from '@nestjs/common';
import {
  checkIntegration,
  cloneIntegration,
  type CloneIntegrationBody,
  createIntegration,
  type CreateIntegrationBody,
  deleteIntegration,
  type IntegrationRecord,
  launchIntegration,
  pauseIntegration,
  startRun,
  startUserRun,
  type StartUserRunBody,
  updateIntegration,
  type UpdateIntegrationBody,
} from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

const bodyOf = ({ integration }: { integration: IntegrationRecord }) => integration;

@Injectable()
export class IntegrationsService {
  constructor(@Inject(OwnerCommands) private readonly commands: OwnerCommands) {}

  async create(body: CreateIntegrationBody, call: CallContext) {
    const id = this.commands.newAggregateId(call);
    return this.commands.send(createIntegration, call, { aggregate: id, input: { ...body, id }, bodyOf });
  }

  async update(id: string, body: UpdateIntegrationBody, call: CallContext) {
    const input = { ...body, id, ifVersion: call.ifVersion };
    return this.commands.send(updateIntegration, call, { aggregate: id, input, bodyOf });
  }

  async clone(source: string, { name }: CloneIntegrationBody, call: CallContext) {
    const id = this.commands.newAggregateId(call);
    return this.commands.send(cloneIntegration, call, { aggregate: id, input: { id, source, name }, bodyOf });
  }

  async checklist(id: string, call: CallContext) {
    return this.commands.send(checkIntegration, call, { aggregate: id, input: { id }, bodyOf: (result) => result });
  }

  async launch(id: string, call: CallContext) {
    return this.commands.send(launchIntegration, call, { aggregate: id, input: { id }, bodyOf });
  }

  async pause(id: string, call: CallContext) {
    return this.commands.send(pauseIntegration, call, { aggregate: id, input: { id }, bodyOf });
  }

  async delete(id: string, call: CallContext) {
    return this.commands.send(deleteIntegration, call, { aggregate: id, input: { id }, bodyOf: (result) => result });
  }

  async startUserRun(integration: string, { vendorId, username }: StartUserRunBody, call: CallContext) {
    const input = { integration, vendorId, username };
    return this.commands.send(startUserRun, call, { aggregate: integration, input, bodyOf: ({ run }) => run });
  }

  async startRun(integration: string, call: CallContext) {
    const request = { aggregate: integration, input: { integration } };
    return this.commands.send(startRun, call, { ...request, bodyOf: ({ run }) => run });
  }
}
