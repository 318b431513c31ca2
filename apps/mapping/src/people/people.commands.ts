import { Injectable } from '@nestjs/common';
import {
  holdPerson,
  type InputOf,
  linkAccount,
  mergePeople,
  overridePerson,
  protectPerson,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { PeopleEditsService } from './people-edits.service.js';

@Injectable()
export class PeopleCommands {
  constructor(private readonly edits: PeopleEditsService) {}

  @HandleCommand(overridePerson)
  override(input: InputOf<typeof overridePerson>, context: CommandContext): Promise<ResultOf<typeof overridePerson>> {
    return this.edits.override(input, context);
  }

  @HandleCommand(holdPerson)
  hold(input: InputOf<typeof holdPerson>, context: CommandContext): Promise<ResultOf<typeof holdPerson>> {
    return this.edits.hold(input, context);
  }

  @HandleCommand(protectPerson)
  protect(input: InputOf<typeof protectPerson>, context: CommandContext): Promise<ResultOf<typeof protectPerson>> {
    return this.edits.protect(input, context);
  }

  @HandleCommand(mergePeople)
  merge(input: InputOf<typeof mergePeople>, context: CommandContext): Promise<ResultOf<typeof mergePeople>> {
    return this.edits.merge(input, context);
  }

  @HandleCommand(linkAccount)
  link(input: InputOf<typeof linkAccount>, context: CommandContext): Promise<ResultOf<typeof linkAccount>> {
    return this.edits.link(input, context);
  }
}
