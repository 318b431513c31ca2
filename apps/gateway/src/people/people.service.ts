import { Inject, Injectable } from '@nestjs/common';
import { type ProtectionBody, protectPerson } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class PeopleService {
  constructor(@Inject(OwnerCommands) private readonly commands: OwnerCommands) {}

  async protect(person: string, body: ProtectionBody, call: CallContext) {
    const request = { aggregate: person, input: { person, protected: body.protected } };
    return this.commands.send(protectPerson, call, { ...request, bodyOf: (result) => result });
  }
}
