import { Injectable } from '@nestjs/common';
import { type InputOf, rotateKeys, verifyKeys } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

const aggregate = 'encryption-keys';

@Injectable()
export class EncryptionKeysService {
  constructor(private readonly commands: OwnerCommands) {}

  async rotate(input: InputOf<typeof rotateKeys>, call: CallContext) {
    return this.commands.send(rotateKeys, call, { aggregate, input, bodyOf: (result) => result });
  }

  async verify(call: CallContext) {
    return this.commands.send(verifyKeys, call, { aggregate, input: {}, bodyOf: (result) => result });
  }
}
