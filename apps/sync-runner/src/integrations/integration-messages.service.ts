import { Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument } from '@rollcall/collections';
import {
  integrationConfigured,
  integrationDeleted,
  type LeftData,
  registerIntegration,
  retireIntegration,
  schedulePlanned,
} from '@rollcall/contracts';
import { type CommandContext, Outbox } from '@rollcall/messaging';

import type { Session } from './integrations.repository.js';

/** Actor of commands that follow from a change and not from a person. */
const ownActor = 'sync-runner';

/** What other services are told about an integration, in the transaction that changes it. */
@Injectable()
export class IntegrationMessagesService {
  constructor(
    private readonly outbox: Outbox,
    private readonly databases: Databases,
  ) {}

  async register(
    session: Session,
    integration: IntegrationDocument,
    { correlationId, actor }: CommandContext,
    mappingOf: string | null = null,
  ): Promise<void> {
    const { _id, version, connector, name, priority, authoritative, content, app } = integration;
    await this.outbox.command(session, registerIntegration, {
      key: `${_id}:${version}`,
      aggregate: _id,
      actor: ownActor,
      correlationId,
      input: {
        integration: _id,
        version,
        connector,
        name,
        priority,
        authoritative,
        mappingOf,
        content,
        chosenApp: app,
        by: actor,
      },
    });
  }

  async announce(session: Session, { _id, version, name, state, contacts }: IntegrationDocument): Promise<void> {
    await this.outbox.event(session, integrationConfigured, {
      id: `${_id}/${version}`,
      key: _id,
      subject: _id,
      time: this.databases.time().toISOString(),
      data: { integration: _id, version, name, state, contacts },
    });
  }

  async announceSlot(session: Session, { _id, version, nextRunAt }: IntegrationDocument): Promise<void> {
    await this.outbox.event(session, schedulePlanned, {
      id: `${_id}/${version}/slot/${nextRunAt ?? 'none'}`,
      key: _id,
      subject: _id,
      time: this.databases.time().toISOString(),
      data: { integration: _id, plannedAt: nextRunAt },
    });
  }

  /** Mapping says what becomes of its accounts (D7). */
  async retire(
    session: Session,
    { id, name, data }: { readonly id: string; readonly name: string; readonly data: LeftData },
    { actor, correlationId }: CommandContext,
  ): Promise<void> {
    await this.outbox.command(session, retireIntegration, {
      key: `${id}:retire`,
      aggregate: id,
      actor,
      correlationId,
      input: { integration: id, data },
    });
    await this.outbox.event(session, integrationDeleted, {
      id: `${id}/deleted`,
      key: id,
      subject: id,
      time: this.databases.time().toISOString(),
      data: { integration: id, name, by: actor },
    });
  }
}
