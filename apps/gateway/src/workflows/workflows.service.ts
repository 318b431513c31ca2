import { Injectable } from '@nestjs/common';
import {
  activateWorkflow,
  createWorkflow,
  type CreateWorkflowBody,
  deactivateWorkflow,
  updateWorkflow,
  type UpdateWorkflowBody,
  type WorkflowRecord,
} from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

const bodyOf = ({ workflow }: { workflow: WorkflowRecord }) => workflow;

@Injectable()
export class WorkflowsService {
  constructor(private readonly commands: OwnerCommands) {}

  async create(body: CreateWorkflowBody, call: CallContext) {
    const id = this.commands.newAggregateId(call);
    return this.commands.send(createWorkflow, call, { aggregate: id, input: { ...body, id }, bodyOf });
  }

  async update(id: string, body: UpdateWorkflowBody, call: CallContext) {
    const input = { ...body, id, ifVersion: call.ifVersion };
    return this.commands.send(updateWorkflow, call, { aggregate: id, input, bodyOf });
  }

  async activate(id: string, call: CallContext) {
    return this.commands.send(activateWorkflow, call, { aggregate: id, input: { id }, bodyOf });
  }

  async deactivate(id: string, call: CallContext) {
    return this.commands.send(deactivateWorkflow, call, { aggregate: id, input: { id }, bodyOf });
  }
}
