import { Injectable } from '@nestjs/common';
import { beginAuthorization, endAuthorization, type InputOf, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { AuthorizationsService } from './authorizations.service.js';

@Injectable()
export class AuthorizationsCommands {
  constructor(private readonly authorizations: AuthorizationsService) {}

  @HandleCommand(beginAuthorization)
  begin(
    input: InputOf<typeof beginAuthorization>,
    context: CommandContext,
  ): Promise<ResultOf<typeof beginAuthorization>> {
    return this.authorizations.begin(input, context);
  }

  /** Outside a transaction, because it asks the vendor. */
  @HandleCommand(endAuthorization, { mode: 'outside' })
  end(input: InputOf<typeof endAuthorization>, context: CommandContext): Promise<ResultOf<typeof endAuthorization>> {
    return this.authorizations.end(input, context);
  }
}
