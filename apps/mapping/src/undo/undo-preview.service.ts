import { Injectable } from '@nestjs/common';
import { Databases, type RunDocument } from '@rollcall/collections';
import { afterUndo, type InputOf, isEnded, type previewUndo, type ResultOf } from '@rollcall/contracts';
import { type CommandContext } from '@rollcall/messaging';

import type { ChangeOrigin } from '../changes/change-set.js';
import { PublishedRunsRepository } from '../readings/published-runs.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { runAlreadyUndone, runChangedNothing, runNotEnded, runNotFound } from './undo.errors.js';
import { firstCursor, UndoPages } from './undo-pages.js';
import { UndoPlanner } from './undo-planner.js';
import { UndoTally } from './undo-tally.js';

const linesPerLook = 1000;

/** Commands behind it wait so long at most; of a run that changed more than this takes, the first part is told. */
const longestMs = 45_000;

/** What an undo would do: the same plan, page by page, and nothing is written of it. */
@Injectable()
export class UndoPreviewService {
  constructor(
    private readonly databases: Databases,
    private readonly runs: PublishedRunsRepository,
    private readonly readings: ReadingsRepository,
    private readonly pages: UndoPages,
    private readonly planner: UndoPlanner,
  ) {}

  async preview(
    { run: id }: InputOf<typeof previewUndo>,
    _context: CommandContext,
  ): Promise<ResultOf<typeof previewUndo>> {
    const run = undoable(await this.runs.find(id), id);
    const { integration, pinned } = run;
    const undone = { run: id, integration, by: 'preview', ownUsers: pinned?.ownUsers ?? [] };
    const origin = originOf(run, this.databases.time());
    const tally = new UndoTally();
    const until = performance.now() + longestMs;
    let isComplete = false;
    let [cursor, line, before] = [firstCursor, 0, new Set<string>() as ReadonlySet<string>];
    while (performance.now() < until) {
      const page = await this.pages.page({ run: id, integration, position: null }, cursor, before, linesPerLook);
      if (page === null) {
        isComplete = true;
        break;
      }
      tally.add(await this.planner.plan(undone, page.accounts, origin, line), page.accounts.size);
      [cursor, line, before] = [page.next, line + page.lines, new Set(page.accounts.keys())];
    }
    return { run: id, integration, isComplete, ...tally.told(), afterwards: await this.afterwards(integration) };
  }

  private async afterwards(id: string): Promise<string> {
    const integration = await this.readings.integration(id);
    if (integration === null) return afterUndo(null);
    const { name, state, openRun, nextRunAt } = integration;
    return afterUndo({ name, isPaused: state !== 'active', openRun, nextRunAt });
  }
}

function undoable(run: RunDocument | null, id: string): RunDocument {
  if (run === null) throw runNotFound(id);
  if (!isEnded(run.state)) throw runNotEnded(id);
  if (run.scope === 'preview') throw runChangedNothing(id);
  if (run.undo) throw runAlreadyUndone(id, run.undone ?? null);
  return run;
}

/** Stands in no change: a preview writes none. */
function originOf({ _id, integration }: RunDocument, at: Date): ChangeOrigin {
  return {
    position: 'preview',
    time: at.toISOString(),
    cause: { kind: 'undo', run: _id, integration },
  };
}
