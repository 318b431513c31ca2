import { Inject, Injectable } from '@nestjs/common';
import {
  checkIntegration,
  cloneIntegration,
  type CloneIntegrationBody,
  type Contact,
  type ContactBody,
  createIntegration,
  type CreateIntegrationBody,
  deleteIntegration,
  type IntegrationRecord,
  launchIntegration,
  type LeftData,
  pauseIntegration,
  startRun,
  startUserRun,
  type StartUserRunBody,
  updateIntegration,
  type UpdateIntegrationBody,
} from '@rollcall/contracts';
import { CONFIG } from '@rollcall/service';

import { OwnerCommands } from '../commands/owner-commands.js';
import type { GatewayConfig } from '../config.js';
import { Accepted } from '../http/accepted.js';
import type { CallContext } from '../http/operation.js';
import { OperatorContacts } from '../operators/operator-contacts.service.js';
import { IntegrationsQueries } from './integrations.queries.js';

/** Without mapping an integration is answered all the same; its checklist then names the gap. */
const longestPatienceMs = 3_000;

const bodyOf = ({ integration }: { integration: IntegrationRecord }) => integration;

@Injectable()
export class IntegrationsService {
  constructor(
    private readonly commands: OwnerCommands,
    private readonly queries: IntegrationsQueries,
    private readonly contacts: OperatorContacts,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  async create({ contacts, ...body }: CreateIntegrationBody, call: CallContext) {
    const id = this.commands.newAggregateId(call);
    const request = { aggregate: id, input: { ...body, ...(await this.contactsOf(contacts)), id }, bodyOf };
    return this.onceMapped(await this.commands.send(createIntegration, call, request));
  }

  /** Mapping makes its mapping a moment later; whoever launches or previews next must not come too early. */
  private async onceMapped(answer: IntegrationRecord | Accepted): Promise<IntegrationRecord | Accepted> {
    if (!(answer instanceof Accepted)) {
      const patienceMs = Math.min(this.config.ROLLCALL_COMMAND_WAIT_MS, longestPatienceMs);
      await this.queries.awaitMapping(answer.id, patienceMs);
    }
    return answer;
  }

  async update(id: string, { contacts, ...body }: UpdateIntegrationBody, call: CallContext) {
    const input = { ...body, ...(await this.contactsOf(contacts)), id, ifVersion: call.ifVersion };
    return this.commands.send(updateIntegration, call, { aggregate: id, input, bodyOf });
  }

  private async contactsOf(contacts: readonly ContactBody[] | undefined): Promise<{ contacts?: Contact[] }> {
    return contacts === undefined ? {} : { contacts: await this.contacts.resolve(contacts, '/contacts') };
  }

  async clone(source: string, { name }: CloneIntegrationBody, call: CallContext) {
    const id = this.commands.newAggregateId(call);
    const request = { aggregate: id, input: { id, source, name }, bodyOf };
    return this.onceMapped(await this.commands.send(cloneIntegration, call, request));
  }

  async checklist(id: string, call: CallContext) {
    return this.commands.send(checkIntegration, call, { aggregate: id, input: { id }, bodyOf: (result) => result });
  }

  async launch(id: string, call: CallContext) {
    return this.commands.send(launchIntegration, call, { aggregate: id, input: { id }, bodyOf });
  }

  async pause(id: string, call: CallContext) {
    return this.commands.send(pauseIntegration, call, { aggregate: id, input: { id }, bodyOf });
  }

  async delete(id: string, data: LeftData, call: CallContext) {
    const input = { id, data };
    return this.commands.send(deleteIntegration, call, { aggregate: id, input, bodyOf: (result) => result });
  }

  async startUserRun(integration: string, { vendorId, username }: StartUserRunBody, call: CallContext) {
    const input = { integration, vendorId, username };
    return this.commands.send(startUserRun, call, { aggregate: integration, input, bodyOf: ({ run }) => run });
  }

  async startRun(integration: string, call: CallContext) {
    const request = { aggregate: integration, input: { integration } };
    return this.commands.send(startRun, call, { ...request, bodyOf: ({ run }) => run });
  }
}
