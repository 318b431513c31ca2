import { Injectable } from '@nestjs/common';
import { holdAccount, type InputOf, observeAccount, protectAccount, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { AccountsService } from './accounts.service.js';

@Injectable()
export class AccountsCommands {
  constructor(private readonly accounts: AccountsService) {}

  @HandleCommand(observeAccount)
  observe(input: InputOf<typeof observeAccount>, context: CommandContext): Promise<ResultOf<typeof observeAccount>> {
    return this.accounts.observe(input, context);
  }

  @HandleCommand(protectAccount)
  protect(input: InputOf<typeof protectAccount>, context: CommandContext): Promise<ResultOf<typeof protectAccount>> {
    return this.accounts.protect(input, context);
  }

  @HandleCommand(holdAccount)
  hold(input: InputOf<typeof holdAccount>, context: CommandContext): Promise<ResultOf<typeof holdAccount>> {
    return this.accounts.hold(input, context);
  }
}
