import { Injectable } from '@nestjs/common';
import { type InputOf, type ResultOf, rotateKeys, verifyKeys } from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { KeysError } from './keys.errors.js';
import { RotationService } from './rotation.service.js';
import { VerificationService } from './verification.service.js';

@Injectable()
export class KeysCommands {
  constructor(
    private readonly rotation: RotationService,
    private readonly verification: VerificationService,
  ) {}

  /** Outside a transaction: a server of keys may have to be asked. Every part of it can be repeated. */
  @HandleCommand(rotateKeys, { mode: 'outside' })
  async rotate({ what }: InputOf<typeof rotateKeys>, context: CommandContext): Promise<ResultOf<typeof rotateKeys>> {
    try {
      if (what !== 'data-key') await this.rotation.wrapAgain();
      if (what !== 'key-encryption-key') await this.rotation.rotateDataKey('asked', context.id);
      return await this.rotation.state();
    } catch (error) {
      throw error instanceof KeysError ? refused(error) : error;
    }
  }

  /** Outside a transaction: it reads for longer than one may last. */
  @HandleCommand(verifyKeys, { mode: 'outside' })
  verify(_input: InputOf<typeof verifyKeys>, _context: CommandContext): Promise<ResultOf<typeof verifyKeys>> {
    return this.verification.verify();
  }
}

/** Also where waiting would help: whoever asked for a rotation wants to know that the server of keys is away. */
function refused({ code, message, details }: KeysError): KeysError {
  return new KeysError(code, message, { details });
}
