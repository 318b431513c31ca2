import { Injectable } from '@nestjs/common';
import {
  linkAccount,
  type LinkBody,
  type MergeBody,
  mergePeople,
  setSourcesOfTruth,
  type SourcesOfTruth,
} from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

@Injectable()
export class MatchingService {
  constructor(private readonly commands: OwnerCommands) {}

  async link(account: string, { person }: LinkBody, call: CallContext) {
    const request = { aggregate: account, input: { account, person } };
    return this.commands.send(linkAccount, call, { ...request, bodyOf: (result) => result });
  }

  async merge(keep: string, { merged }: MergeBody, call: CallContext) {
    const request = { aggregate: keep, input: { keep, merged } };
    return this.commands.send(mergePeople, call, { ...request, bodyOf: (result) => result });
  }

  async setSources(sources: SourcesOfTruth, call: CallContext) {
    const request = { aggregate: 'fold', input: { ifVersion: call.ifVersion, sources } };
    return this.commands.send(setSourcesOfTruth, call, { ...request, bodyOf: (result) => result });
  }
}
