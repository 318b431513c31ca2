import { Injectable } from '@nestjs/common';
import {
  activateWorkflow,
  createWorkflow,
  deactivateWorkflow,
  type InputOf,
  type ResultOf,
  updateWorkflow,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { WorkflowsService } from './workflows.service.js';

@Injectable()
export class WorkflowsCommands {
  constructor(private readonly workflows: WorkflowsService) {}

  @HandleCommand(createWorkflow)
  async create(
    input: InputOf<typeof createWorkflow>,
    context: CommandContext,
  ): Promise<ResultOf<typeof createWorkflow>> {
    return { workflow: await this.workflows.create(input, context) };
  }

  @HandleCommand(updateWorkflow)
  async update(
    input: InputOf<typeof updateWorkflow>,
    context: CommandContext,
  ): Promise<ResultOf<typeof updateWorkflow>> {
    return { workflow: await this.workflows.update(input, context) };
  }

  @HandleCommand(activateWorkflow)
  async activate(
    input: InputOf<typeof activateWorkflow>,
    context: CommandContext,
  ): Promise<ResultOf<typeof activateWorkflow>> {
    return { workflow: await this.workflows.activate(input.id, context) };
  }

  @HandleCommand(deactivateWorkflow)
  async deactivate(
    input: InputOf<typeof deactivateWorkflow>,
    context: CommandContext,
  ): Promise<ResultOf<typeof deactivateWorkflow>> {
    return { workflow: await this.workflows.deactivate(input.id, context) };
  }
}
