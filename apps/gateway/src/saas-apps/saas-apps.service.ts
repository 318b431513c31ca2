import { Injectable } from '@nestjs/common';
import { type AppRecord, createApp, type CreateSaasAppBody, linkApp, type LinkSaasAppBody } from '@rollcall/contracts';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { CallContext } from '../http/operation.js';

/** An entry made by hand has no users yet: an integration must choose it first. */
const bodyOf = ({ app }: { app: AppRecord }) => ({ ...app, users: { active: 0, deactivated: 0 } });

@Injectable()
export class SaasAppsService {
  constructor(private readonly commands: OwnerCommands) {}

  async create(body: CreateSaasAppBody, call: CallContext) {
    const id = this.commands.newAggregateId(call);
    return this.commands.send(createApp, call, { aggregate: id, input: { ...body, id }, bodyOf });
  }

  async link(id: string, { catalogueId }: LinkSaasAppBody, call: CallContext) {
    return this.commands.send(linkApp, call, { aggregate: id, input: { id, catalogueId }, bodyOf });
  }
}
