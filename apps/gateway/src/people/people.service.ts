import { Injectable } from '@nestjs/common';
import {
  erasePerson,
  type ErasureBody,
  type HoldBody,
  holdPerson,
  overridePerson,
  type OverridesBody,
  type ProtectionBody,
  protectPerson,
} from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class PeopleService {
  constructor(private readonly commands: OwnerCommands) {}

  async override(person: string, { set = {}, clear = [] }: OverridesBody, call: CallContext) {
    const request = { aggregate: person, input: { person, set, clear } };
    return this.commands.send(overridePerson, call, { ...request, bodyOf: (result) => result });
  }

  async hold(person: string, body: HoldBody, call: CallContext) {
    const request = { aggregate: person, input: { person, ...body } };
    return this.commands.send(holdPerson, call, { ...request, bodyOf: (result) => result });
  }

  async erase(person: string, { reason }: ErasureBody, call: CallContext) {
    const request = { aggregate: person, input: { person, reason } };
    return this.commands.send(erasePerson, call, { ...request, bodyOf: (result) => result });
  }

  async protect(person: string, body: ProtectionBody, call: CallContext) {
    const request = { aggregate: person, input: { person, protected: body.protected } };
    return this.commands.send(protectPerson, call, { ...request, bodyOf: (result) => result });
  }
}
