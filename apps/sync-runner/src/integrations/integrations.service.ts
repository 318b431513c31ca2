import { Injectable } from '@nestjs/common';
import type { IntegrationDocument } from '@rollcall/collections';
import type { Connector } from '@rollcall/connector-kit';
import { connectors } from '@rollcall/connectors';
import {
  type Checklist,
  type cloneIntegration,
  type createIntegration,
  type InputOf,
  type IntegrationRecord,
  type LeftData,
  refuseOtherVersion,
  type updateIntegration,
} from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import { HeldPlansService } from '../held-plans/held-plans.service.js';
import { nextSlot } from '../slots/next-slot.js';
import { inOrder } from '../slots/quarantine.js';
import { deactivates, type HeldBy, putOnHold } from './deactivates.js';
import { IntegrationMessagesService } from './integration-messages.service.js';
import {
  idTaken,
  integrationNotFound,
  nameTaken,
  notActive,
  notReady,
  stillRunning,
  unknownConnector,
} from './integrations.errors.js';
import { IntegrationsRepository, type Session } from './integrations.repository.js';
import {
  changedSettings,
  edit,
  freePriority,
  integrationRecordOf,
  newIntegration,
  settingsOf,
} from './new-integration.js';
import { asksForOwnUsers, checklistOf, gapsOf, launchGapsOf, type Ready, readyOf } from './readiness.js';
import { concernsMapping, isRescheduled, readsOtherwise } from './settings-change.js';
import {
  checkApp,
  checkCredential,
  checkInputs,
  checkInstallation,
  checkSwitches,
  chooseLoad,
} from './settings-check.js';
import { surroundingsOf } from './surroundings.js';

@Injectable()
export class IntegrationsService {
  constructor(
    private readonly repository: IntegrationsRepository,
    private readonly heldPlans: HeldPlansService,
    private readonly messages: IntegrationMessagesService,
  ) {}

  async create(input: InputOf<typeof createIntegration>, context: CommandContext): Promise<IntegrationRecord> {
    const { session } = context;
    const connector = connectorOf(input.connector);
    if (connector === null) throw unknownConnector(input.connector);
    if (await this.repository.find(input.id, session)) throw idTaken(input.id);
    const integration = newIntegration(input, {
      load: chooseLoad(connector.manifest, input.load),
      partition: await this.repository.leastUsedPartition(session),
      priority: freePriority(await this.repository.usedPriorities(session)),
      at: this.repository.time(),
      by: context.actor,
    });
    await this.check(session, connector, integration, null);
    await this.repository.insert(session, integration);
    await this.messages.register(session, integration, context);
    await this.messages.announce(session, integration);
    return integrationRecordOf(integration);
  }

  /** The same settings under another name, as a draft of its own that deactivates nobody yet. */
  async clone(
    { id, source, name }: InputOf<typeof cloneIntegration>,
    context: CommandContext,
  ): Promise<IntegrationRecord> {
    const { session } = context;
    const model = await this.get(source, session);
    if (await this.repository.find(id, session)) throw idTaken(id);
    if (await this.repository.isNameTaken(session, name, id)) throw nameTaken(name);
    const integration = newIntegration(
      { ...settingsOf(model), id, name },
      {
        load: model.load,
        partition: await this.repository.leastUsedPartition(session),
        priority: freePriority(await this.repository.usedPriorities(session)),
        at: this.repository.time(),
        by: context.actor,
      },
    );
    await this.repository.insert(session, integration);
    await this.messages.register(session, integration, context, source);
    await this.messages.announce(session, integration);
    return integrationRecordOf(integration);
  }

  /** What is there and what is missing, so that a person sees both (R85). */
  async checklist(id: string): Promise<Checklist> {
    const integration = await this.get(id);
    return checklistOf(integration, await surroundingsOf(this.repository, integration));
  }

  /** Whether nothing but the vendor's word is missing for a launch. */
  async isLaunchable(integration: IntegrationDocument): Promise<boolean> {
    return launchGapsOf(integration, await surroundingsOf(this.repository, integration)).length === 0;
  }

  async update(input: InputOf<typeof updateIntegration>, context: CommandContext): Promise<IntegrationRecord> {
    const { session } = context;
    const before = await this.get(input.id, session);
    refuseOtherVersion(input.ifVersion, before.version, `"${before.name}"`);
    const wanted = { ...before, ...changedSettings(input) };
    const connector = connectorOf(before.connector);
    if (connector !== null) await this.check(session, connector, wanted, before);
    await this.refuseUnanswered(session, before, wanted);
    const after = await this.repository.update(session, before, {
      ...changedSettings(input),
      ...edit(before, { by: context.actor, at: this.repository.time(), kind: 'changed' }),
      // Somebody acted, so the schedule need not wait any longer.
      ...inOrder,
      ...(before.state === 'active' && isRescheduled(before, wanted) ? await this.slotFields(wanted) : {}),
    });
    if (readsOtherwise(before, after)) await this.heldPlans.end(session, after._id, 'voided');
    if (concernsMapping(before, after)) await this.messages.register(session, after, context);
    await this.messages.announce(session, after);
    if (after.nextRunAt !== before.nextRunAt) await this.messages.announceSlot(session, after);
    return integrationRecordOf(after);
  }

  async launch(id: string, { session, actor }: CommandContext): Promise<IntegrationRecord> {
    const before = await this.get(id, session);
    if (before.state === 'active') return integrationRecordOf(before);
    const around = await surroundingsOf(this.repository, before, session);
    const gaps = launchGapsOf(before, around);
    if (gaps.length > 0) throw notReady(before.name, gaps);
    const after = await this.repository.update(session, before, {
      state: 'active',
      edits: edit(before, { by: actor, at: this.repository.time(), kind: 'launched' }).edits,
      ...(await this.slotFields(before)),
    });
    await this.messages.announce(session, after);
    await this.messages.announceSlot(session, after);
    return integrationRecordOf(after);
  }

  async pause(id: string, { session }: CommandContext): Promise<IntegrationRecord> {
    const before = await this.get(id, session);
    if (before.state !== 'active') throw notActive(before.name, before.state);
    const set = { state: 'paused' as const, nextSlotAt: null, nextRunAt: null };
    const after = await this.repository.update(session, before, set);
    await this.messages.announce(session, after);
    await this.messages.announceSlot(session, after);
    return integrationRecordOf(after);
  }

  /** Nobody is deactivated because somebody stopped looking: what becomes of its accounts is said (D7). */
  async delete(id: string, data: LeftData, context: CommandContext): Promise<{ id: string; name: string }> {
    const { session } = context;
    const { name, openRun } = await this.get(id, session);
    if (openRun !== null) throw stillRunning(name, openRun);
    if (!(await this.repository.delete(session, id))) throw new Error(`integration ${id} changed inside a transaction`);
    await this.heldPlans.end(session, id, 'voided');
    await this.messages.retire(session, { id, name, data }, context);
    return { id, name };
  }

  /** After an undo nobody is deactivated until a person says so (E5). */
  async holdDeactivation(session: Session, id: string, heldBy: HeldBy): Promise<IntegrationDocument | null> {
    const before = await this.repository.find(id, session);
    if (before === null || before.deactivate.onHold) return before;
    const after = await this.repository.update(session, before, putOnHold(before, heldBy));
    await this.messages.announce(session, after);
    return after;
  }

  /** What a run needs, read at its START. @throws IntegrationError integration-not-ready naming each gap */
  async ready(integration: IntegrationDocument): Promise<Ready> {
    const around = await surroundingsOf(this.repository, integration);
    const ready = readyOf(integration, around);
    if (ready === null) throw notReady(integration.name, gapsOf(integration, around));
    const { mappingVersion, app } = ready;
    const known = integration.registered;
    if (known?.mappingVersion !== mappingVersion || known.app !== app) {
      await this.repository.noteRegistered(integration._id, { version: integration.version, mappingVersion, app });
    }
    return ready;
  }

  async get(id: string, session?: Session): Promise<IntegrationDocument> {
    const integration = await this.repository.find(id, session);
    if (integration === null) throw integrationNotFound(id);
    return integration;
  }

  /** What its launch would have asked for, an active integration is asked when it changes so that it matters. */
  private async refuseUnanswered(
    session: Session,
    before: IntegrationDocument,
    wanted: IntegrationDocument,
  ): Promise<void> {
    if (deactivates(before) && before.credential === wanted.credential) return;
    const message = asksForOwnUsers(wanted, await surroundingsOf(this.repository, wanted, session));
    if (message !== null) throw notReady(wanted.name, [{ code: 'own-users', message }]);
  }

  private async check(
    session: Session,
    connector: Connector,
    wanted: IntegrationDocument,
    before: IntegrationDocument | null,
  ): Promise<void> {
    const { manifest } = connector;
    nextSlot(wanted.schedule, this.repository.time(), wanted._id);
    checkInputs(connector, wanted);
    checkSwitches(wanted, before);
    checkInstallation(manifest, wanted);
    if (wanted.credential !== null) {
      checkCredential(manifest, await this.repository.findCredential(wanted.credential, session));
    }
    if (wanted.app !== null && wanted.app !== before?.app)
      checkApp(manifest, wanted.app, await this.repository.findApp(wanted.app, session));
    if (await this.repository.isNameTaken(session, wanted.name, wanted._id)) throw nameTaken(wanted.name);
  }

  private async slotFields({
    _id,
    schedule,
  }: IntegrationDocument): Promise<Pick<IntegrationDocument, 'nextSlotAt' | 'nextRunAt'>> {
    const nextSlotAt = nextSlot(schedule, await this.repository.now(), _id);
    return { nextSlotAt, nextRunAt: nextSlotAt.toISOString() };
  }
}

function connectorOf(id: string): Connector | null {
  return Object.hasOwn(connectors, id) ? connectors[id]! : null;
}
