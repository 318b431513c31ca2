import { Injectable } from '@nestjs/common';
import { markNoticeRead } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class NoticesService {
  constructor(private readonly commands: OwnerCommands) {}

  async markRead(id: string, call: CallContext) {
    const request = { aggregate: id, input: { id } };
    return this.commands.send(markNoticeRead, call, { ...request, bodyOf: ({ notice }) => notice });
  }
}
