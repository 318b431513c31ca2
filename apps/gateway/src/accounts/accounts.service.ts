import { Injectable } from '@nestjs/common';
import { holdAccount, type HoldBody, protectAccount, type ProtectionBody } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class AccountsService {
  constructor(private readonly commands: OwnerCommands) {}

  async protect(account: string, body: ProtectionBody, call: CallContext) {
    const request = { aggregate: account, input: { account, protected: body.protected } };
    return this.commands.send(protectAccount, call, { ...request, bodyOf: (result) => result });
  }

  async hold(account: string, body: HoldBody, call: CallContext) {
    const request = { aggregate: account, input: { account, ...body } };
    return this.commands.send(holdAccount, call, { ...request, bodyOf: (result) => result });
  }
}
