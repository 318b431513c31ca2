import { Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument, type RunDocument } from '@rollcall/collections';
import { connectors } from '@rollcall/connectors';
import { isEnded, type RunRecord, type RunUndone } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';
import { v7 as uuidv7 } from 'uuid';

import { type PlannedRun, recordOf } from './run-record.js';
import {
  integrationNotActive,
  integrationNotFound,
  runAlreadyUndone,
  runChangedNothing,
  runEnded,
  runNotEnded,
  runNotFound,
  runStillOpen,
  runSweeping,
  singleUserNotAvailable,
} from './runs.errors.js';
import { RunsRepository, type Session } from './runs.repository.js';
import { RunsService } from './runs.service.js';

/** What a person may ask of runs: start, cancel, undo. */
@Injectable()
export class RunRequestsService {
  constructor(
    private readonly repository: RunsRepository,
    private readonly runs: RunsService,
    private readonly databases: Databases,
  ) {}

  /** @param what the held plan whose approval this is (E4), the one user to read (A8), or the preview to apply (E7) */
  async start(
    integrationId: string,
    { session, actor }: CommandContext,
    what: Pick<PlannedRun, 'approves' | 'subject' | 'applies'> = {},
  ): Promise<RunRecord> {
    const integration = await this.repository.findIntegration(integrationId, session);
    if (integration === null) throw integrationNotFound(integrationId);
    if (integration.state !== 'active') throw integrationNotActive(integration.name, integration.state);
    return this.open(integration, { session, actor }, what);
  }

  /** Opens a run that only says what it would do (E6); whether the integration is ready is the caller's to know. */
  async preview(integration: IntegrationDocument, context: CommandContext): Promise<RunRecord> {
    return this.open(integration, context, { isPreview: true });
  }

  /** @throws RunError single-user-not-available */
  async startForUser(
    integrationId: string,
    subject: NonNullable<PlannedRun['subject']>,
    context: CommandContext,
  ): Promise<RunRecord> {
    const integration = await this.repository.findIntegration(integrationId, context.session);
    if (integration === null) throw integrationNotFound(integrationId);
    if (connectors[integration.connector]?.manifest.capabilities.confirmById !== true) {
      throw singleUserNotAvailable(integration.name);
    }
    const username = subject.username ?? (await this.repository.usernameOf(integrationId, subject.vendorId));
    return this.start(integrationId, context, { subject: { vendorId: subject.vendorId, username } });
  }

  /** A run that nobody has claimed ends at once; a claimed one is ended by its holder, who sends ABORT (A10). */
  async cancel(id: string, { session, actor }: CommandContext): Promise<RunRecord> {
    const run = await this.get(id, session);
    if (isEnded(run.state)) throw runEnded(id, run.state);
    if (run.state === 'sweeping') throw runSweeping(id);
    const at = this.databases.time();
    const reason = { code: 'cancelled', message: `The run was cancelled by ${actor}. What it had written stays.` };
    const isUntouched = run.state === 'planned' && run.lease === null;
    const set = isUntouched
      ? { state: 'cancelled' as const, endedAt: at.toISOString(), reason, cancelRequested: true }
      : { cancelRequested: true, reason, ...(run.parkedUntil === null ? {} : { 'lease.until': at }) };
    const guard = { state: run.state, ...(isUntouched ? { lease: null } : {}) };
    const after = await this.repository.set(session, id, guard, set);
    // The snapshot of this transaction holds the run as it was read, so a miss is a defect and not a race.
    if (after === null) throw new Error(`run ${id} changed inside a transaction`);
    if (isUntouched) {
      await this.repository.close(session, after, {});
      await this.runs.announce(session, after, at);
    }
    return recordOf(after);
  }

  /** @throws RunError when there is nothing to undo, or it was undone already */
  async undoable(id: string, session: Session): Promise<RunDocument> {
    const run = await this.get(id, session);
    if (!isEnded(run.state)) throw runNotEnded(id);
    if (run.scope === 'preview') throw runChangedNothing(id);
    if (run.undo !== null) throw runAlreadyUndone(id, run.undone ?? null);
    return run;
  }

  /** Marks the run; UNDO is sent once this is durable (E5). */
  async undo(
    { _id }: RunDocument,
    { session, actor }: CommandContext,
    told: Pick<RunUndone, 'paused' | 'afterwards'>,
  ): Promise<RunRecord> {
    const request = { requestedBy: actor, requestedAt: this.databases.time().toISOString() };
    const undone: RunUndone = { ...request, ...told, doneAt: null, counts: null };
    const after = await this.repository.set(session, _id, {}, { undo: { ...request, sentAt: null }, undone });
    // The snapshot of this transaction holds the run as it was read, so a miss is a defect and not a race.
    if (after === null) throw new Error(`run ${_id} vanished inside a transaction`);
    return recordOf(after);
  }

  private async open(
    integration: IntegrationDocument,
    { session, actor }: Pick<CommandContext, 'session' | 'actor'>,
    what: Omit<PlannedRun, 'id' | 'kind' | 'plannedAt' | 'requestedBy'>,
  ): Promise<RunRecord> {
    const run = await this.runs.plan(session, integration, {
      id: `${integration._id}.${uuidv7()}`,
      kind: 'manual',
      plannedAt: this.databases.time().toISOString(),
      requestedBy: actor,
      ...what,
    });
    if (run === null) throw runStillOpen(integration.name, integration.openRun ?? 'of another replica');
    return recordOf(run);
  }

  async get(id: string, session?: Session): Promise<RunDocument> {
    const run = await this.repository.find(id, session);
    if (run === null) throw runNotFound(id);
    return run;
  }
}
