import { Injectable } from '@nestjs/common';
import { confirmErasure, erasePerson, type InputOf, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { ErasuresService } from './erasures.service.js';

@Injectable()
export class ErasuresCommands {
  constructor(private readonly erasures: ErasuresService) {}

  @HandleCommand(erasePerson)
  erase(input: InputOf<typeof erasePerson>, context: CommandContext): Promise<ResultOf<typeof erasePerson>> {
    return this.erasures.erase(input, context);
  }

  @HandleCommand(confirmErasure)
  confirm(input: InputOf<typeof confirmErasure>, context: CommandContext): Promise<ResultOf<typeof confirmErasure>> {
    return this.erasures.confirm(input, context);
  }
}
