import { Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument } from '@rollcall/collections';
import { afterUndo, type InputOf, type RunRecord, type undoRun } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';
import { Drains } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';
import { IntegrationsService } from '../integrations/integrations.service.js';
import { RawRecordsService } from '../reading/raw-records.service.js';
import { RunRequestsService } from '../runs/run-requests.service.js';
import { RunsService } from '../runs/runs.service.js';

/** Has a run undone (E5): hold, pause and wish in one transaction, UNDO itself afterwards. */
@Injectable()
export class RunUndoService {
  constructor(
    private readonly databases: Databases,
    private readonly requests: RunRequestsService,
    private readonly runs: RunsService,
    private readonly integrations: IntegrationsService,
    private readonly records: RawRecordsService,
  ) {}

  async undo({ run: id, pause }: InputOf<typeof undoRun>, context: CommandContext): Promise<RunRecord> {
    const run = await this.requests.undoable(id, context.session);
    const heldBy = { run: id, by: context.actor, at: this.databases.time().toISOString() };
    const held = await this.integrations.holdDeactivation(context.session, run.integration, heldBy);
    const paused = pause && held?.state === 'active';
    if (paused) await this.integrations.pause(run.integration, context);
    return this.requests.undo(run, context, { paused, afterwards: afterUndo(situationOf(held, paused)) });
  }

  /** Sends one UNDO that was wished for. A crash in between sends it again, which changes nothing at mapping. */
  @Drains({ name: 'undo', idleMs: (config: SyncRunnerConfig) => config.TICK_MS })
  async sendNext(): Promise<boolean> {
    const run = await this.runs.findUnsentUndo();
    if (!run?.undo) return false;
    await this.records.undo(run, run.undo.requestedAt);
    await this.runs.noteUndoSent(run._id, this.databases.time());
    return true;
  }
}

function situationOf(integration: IntegrationDocument | null, paused: boolean): Parameters<typeof afterUndo>[0] {
  if (integration === null) return null;
  const { name, state, openRun, nextRunAt } = integration;
  const isPaused = paused || state !== 'active';
  return { name, isPaused, openRun, nextRunAt: isPaused ? null : nextRunAt };
}
