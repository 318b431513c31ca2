import { Injectable } from '@nestjs/common';
import { checkCredential, type InputOf, type ResultOf } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { CredentialCheckService } from './credential-check.service.js';

@Injectable()
export class CredentialCheckCommands {
  constructor(private readonly checks: CredentialCheckService) {}

  /** Outside a transaction, because it asks the vault and the vendor. */
  @HandleCommand(checkCredential, { mode: 'outside' })
  check(input: InputOf<typeof checkCredential>, context: CommandContext): Promise<ResultOf<typeof checkCredential>> {
    return this.checks.check(input, context.id);
  }
}
