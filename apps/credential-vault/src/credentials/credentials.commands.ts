import { Injectable } from '@nestjs/common';
import {
  createCredential,
  deleteCredential,
  draftCredential,
  type InputOf,
  type ResultOf,
  updateCredential,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { CredentialsService } from './credentials.service.js';

@Injectable()
export class CredentialsCommands {
  constructor(private readonly credentials: CredentialsService) {}

  @HandleCommand(createCredential)
  create(input: InputOf<typeof createCredential>, context: CommandContext): Promise<ResultOf<typeof createCredential>> {
    return this.credentials.create(input, context);
  }

  @HandleCommand(draftCredential)
  draft(input: InputOf<typeof draftCredential>, context: CommandContext): Promise<ResultOf<typeof draftCredential>> {
    return this.credentials.draft(input, context);
  }

  @HandleCommand(updateCredential)
  update(input: InputOf<typeof updateCredential>, context: CommandContext): Promise<ResultOf<typeof updateCredential>> {
    return this.credentials.update(input, context);
  }

  @HandleCommand(deleteCredential)
  remove(input: InputOf<typeof deleteCredential>, context: CommandContext): Promise<ResultOf<typeof deleteCredential>> {
    return this.credentials.remove(input.id, context);
  }
}
