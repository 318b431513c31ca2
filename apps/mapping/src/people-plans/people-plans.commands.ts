import { Injectable } from '@nestjs/common';
import {
  approvePeoplePlan,
  type InputOf,
  previewPeopleEffect,
  rejectPeoplePlan,
  type ResultOf,
  undoPeoplePlan,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';
import { Background } from '@rollcall/service';

import { DecidingService } from './deciding.service.js';
import { EffectsService } from './effects.service.js';
import { PeoplePlanLoop } from './people-plan-loop.js';

@Injectable()
export class PeoplePlansCommands {
  constructor(
    private readonly deciding: DecidingService,
    private readonly effects: EffectsService,
    private readonly background: Background,
  ) {}

  @HandleCommand(approvePeoplePlan)
  async approve(
    input: InputOf<typeof approvePeoplePlan>,
    context: CommandContext,
  ): Promise<ResultOf<typeof approvePeoplePlan>> {
    context.afterCommit(() => this.background.wake(PeoplePlanLoop));
    return { plan: await this.deciding.approve(input, context) };
  }

  @HandleCommand(rejectPeoplePlan)
  async reject(
    { plan, note }: InputOf<typeof rejectPeoplePlan>,
    context: CommandContext,
  ): Promise<ResultOf<typeof rejectPeoplePlan>> {
    return { plan: await this.deciding.reject(plan, note, context) };
  }

  @HandleCommand(undoPeoplePlan)
  async undo(
    { plan }: InputOf<typeof undoPeoplePlan>,
    context: CommandContext,
  ): Promise<ResultOf<typeof undoPeoplePlan>> {
    context.afterCommit(() => this.background.wake(PeoplePlanLoop));
    return { plan: await this.deciding.undo(plan, context) };
  }

  @HandleCommand(previewPeopleEffect, { mode: 'outside' })
  async preview(
    input: InputOf<typeof previewPeopleEffect>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof previewPeopleEffect>> {
    return this.effects.of(input);
  }
}
