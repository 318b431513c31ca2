import { Inject, Injectable } from '@nestjs/common';
import { resetPositions } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class SystemService {
  constructor(@Inject(OwnerCommands) private readonly commands: OwnerCommands) {}

  async resetPositions(call: CallContext) {
    return this.commands.send(resetPositions, call, { aggregate: 'positions', input: {}, bodyOf: (result) => result });
  }
}
