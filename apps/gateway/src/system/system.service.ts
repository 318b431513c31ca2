import { Injectable } from '@nestjs/common';
import { resetPositions, resyncRecords, testMail } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class SystemService {
  constructor(private readonly commands: OwnerCommands) {}

  async resetPositions(call: CallContext) {
    return this.commands.send(resetPositions, call, { aggregate: 'positions', input: {}, bodyOf: (result) => result });
  }

  async testMail(to: string, call: CallContext) {
    return this.commands.send(testMail, call, { aggregate: 'mail-server', input: { to }, bodyOf: (result) => result });
  }

  async resyncRecords(call: CallContext) {
    return this.commands.send(resyncRecords, call, { aggregate: 'records', input: {}, bodyOf: (result) => result });
  }
}
