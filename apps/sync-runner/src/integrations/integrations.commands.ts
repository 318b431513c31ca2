import { Injectable } from '@nestjs/common';
import {
  checkIntegration,
  cloneIntegration,
  createIntegration,
  deleteIntegration,
  type InputOf,
  launchIntegration,
  pauseIntegration,
  type ResultOf,
  updateIntegration,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { IntegrationsService } from './integrations.service.js';

@Injectable()
export class IntegrationsCommands {
  constructor(private readonly integrations: IntegrationsService) {}

  @HandleCommand(createIntegration)
  async create(
    input: InputOf<typeof createIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof createIntegration>> {
    return { integration: await this.integrations.create(input, context) };
  }

  @HandleCommand(cloneIntegration)
  async clone(
    input: InputOf<typeof cloneIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof cloneIntegration>> {
    return { integration: await this.integrations.clone(input, context) };
  }

  @HandleCommand(deleteIntegration)
  async delete(
    { id, data }: InputOf<typeof deleteIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof deleteIntegration>> {
    return this.integrations.delete(id, data, context);
  }

  @HandleCommand(checkIntegration, { mode: 'outside' })
  async check(
    { id }: InputOf<typeof checkIntegration>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof checkIntegration>> {
    return this.integrations.checklist(id);
  }

  @HandleCommand(updateIntegration)
  async update(
    input: InputOf<typeof updateIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof updateIntegration>> {
    return { integration: await this.integrations.update(input, context) };
  }

  @HandleCommand(launchIntegration)
  async launch(
    input: InputOf<typeof launchIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof launchIntegration>> {
    return { integration: await this.integrations.launch(input.id, context) };
  }

  @HandleCommand(pauseIntegration)
  async pause(
    input: InputOf<typeof pauseIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof pauseIntegration>> {
    return { integration: await this.integrations.pause(input.id, context) };
  }
}
