import { Injectable } from '@nestjs/common';
import { Databases, type UndoCursor, type UndoDocument } from '@rollcall/collections';
import { nothingUndone, type RawMessageOf, type RunReport, type RunReportOf } from '@rollcall/contracts';

import type { ChangeOrigin } from '../changes/change-set.js';
import { positionText } from '../changes/positions-in-text.js';
import { PlansRepository } from '../plans/plans.repository.js';
import { PublishedRunsRepository } from '../readings/published-runs.repository.js';
import { UndoRepository } from '../undo/undo.repository.js';
import { withoutTakenKey } from '../undo/undo-lines.js';
import { firstCursor, firstKey, type UndoPage, UndoPages, type UndoSource } from '../undo/undo-pages.js';
import { type UndoneRun, UndoPlanner } from '../undo/undo-planner.js';
import { EventPublisher } from './event-publisher.js';
import { linesPerTransaction, type LineStep, LineTransactions } from './line-transactions.js';
import type { PartitionState } from './partition-state.js';
import type { ControlSlice } from './slice.js';
import type { SweepOutcome } from './sweep-runner.js';

/** An undo that is being carried out. */
interface Undo {
  readonly undone: UndoneRun;
  readonly source: UndoSource;
  readonly position: string;
}

/** Where the next page begins, and what came before. */
interface Progress {
  cursor: UndoCursor;
  line: number;
  before: ReadonlySet<string>;
}

/** UNDO: takes back what a run did and nobody changed since, in transactions of 1000 lines (B17, H7). */
@Injectable()
export class UndoRunner {
  constructor(
    private readonly databases: Databases,
    private readonly lines: LineTransactions,
    private readonly undos: UndoRepository,
    private readonly plans: PlansRepository,
    private readonly pages: UndoPages,
    private readonly planner: UndoPlanner,
    private readonly publisher: EventPublisher,
    private readonly runs: PublishedRunsRepository,
  ) {}

  async undo(
    state: PartitionState,
    slice: ControlSlice,
    message: RawMessageOf<'undo'>,
    isCurrent: () => boolean,
  ): Promise<SweepOutcome> {
    const refusal = await this.runs.undoRefusal(message);
    if (refusal !== null) return refusal;
    const known = await this.undos.find(message.r);
    const told = await this.reportOf(message.r, known);
    if (told !== null) {
      await this.publisher.publish([], [told]);
      return 'nothing';
    }
    const undo = await this.begin(state, slice, message);
    const cursor = known?.cursor ?? firstCursor;
    const progress: Progress = { cursor, line: await this.lines.resume(state, slice), before: new Set() };
    const isUndone = await this.lines.run(state, slice, isCurrent, () => this.nextPage(undo, progress));
    if (!isUndone) return 'stopped';
    if (progress.cursor.part !== 'keys') progress.cursor = firstKey;
    const isDone = await this.lines.run(state, slice, isCurrent, () => this.nextKeys(undo, progress));
    if (!isDone) return 'stopped';
    return this.finish(state, slice, message, progress.cursor);
  }

  /** UNDO is sent again after a crash of whoever sends it; earlier versions kept the report with the plan. */
  private async reportOf(run: string, known: UndoDocument | null): Promise<RunReport | null> {
    return known?.report ?? (await this.plans.plan(run))?.undone ?? null;
  }

  private async finish(
    state: PartitionState,
    slice: ControlSlice,
    message: RawMessageOf<'undo'>,
    cursor: UndoCursor,
  ): Promise<SweepOutcome> {
    const { counts = nothingUndone } = (await this.undos.find(message.r)) ?? {};
    const base = { run: message.r, integration: message.i, generation: message.g };
    const report: RunReportOf<'undone'> = { kind: 'undone', ...base, ...counts };
    await this.lines.finish(state, slice, (session) => this.undos.putReport(session, report, cursor));
    await this.publisher.publish([], [report]);
    return 'done';
  }

  private async begin(state: PartitionState, slice: ControlSlice, message: RawMessageOf<'undo'>): Promise<Undo> {
    const { r: run, i: integration } = message;
    const reading = await state.reading(integration);
    const requested = await this.runs.find(run);
    const position = positionText(state, slice.first.offset);
    return {
      undone: {
        run,
        integration,
        by: requested?.undo?.requestedBy ?? 'undo',
        ownUsers: reading?.pinned.ownUsers ?? [],
      },
      source: { run, integration, position },
      position,
    };
  }

  private async nextPage(undo: Undo, progress: Progress): Promise<LineStep | null> {
    const page = await this.pages.page(undo.source, progress.cursor, progress.before, linesPerTransaction);
    if (page === null) return null;
    const { line } = progress;
    progress.cursor = page.next;
    progress.line += page.lines;
    progress.before = new Set(page.accounts.keys());
    return this.step(undo, page, line);
  }

  private async step(undo: Undo, page: UndoPage, line: number): Promise<LineStep> {
    const origin = this.originOf(undo);
    const { set, lines, counts } = await this.planner.plan(undo.undone, page.accounts, origin, line);
    const { run, integration } = undo.undone;
    const step = { run, integration, cursor: page.next, counts, lines, changedLines: [], droppedLines: [] };
    return {
      set,
      after: line + page.lines,
      write: (session) => this.undos.putStep(session, { ...step, at: new Date(origin.time) }),
      again: () => this.step(undo, page, line),
    };
  }

  private async nextKeys(undo: Undo, progress: Progress): Promise<LineStep | null> {
    const { line, cursor } = progress;
    const found = await this.undos.linesWithTakenKeys(undo.undone.run, cursor.after, linesPerTransaction);
    if (found.length === 0) return null;
    progress.cursor = { part: 'keys', after: found.at(-1)!._id };
    progress.line += found.length;
    return this.keyStep(undo, found, { cursor: progress.cursor, line });
  }

  private async keyStep(
    undo: Undo,
    found: Awaited<ReturnType<UndoRepository['linesWithTakenKeys']>>,
    place: { readonly cursor: UndoCursor; readonly line: number },
  ): Promise<LineStep> {
    const origin = this.originOf(undo);
    const accounts = found.map(({ account }) => account);
    const { set, stillTaken } = await this.planner.planKeys(undo.undone, accounts, origin, place.line);
    const freed = found.filter(({ account }) => !stillTaken.has(account));
    const rest = freed.map((line) => ({ line, without: withoutTakenKey(line) }));
    const changedLines = rest.flatMap(({ without }) => without ?? []);
    const skipped = changedLines.filter(({ state }) => state === 'skipped').length;
    const droppedLines = rest.filter(({ without }) => without === null).map(({ line }) => line._id);
    const counts = { ...nothingUndone, skipped, conflicts: -droppedLines.length - skipped };
    const { run, integration } = undo.undone;
    const step = { run, integration, cursor: place.cursor, counts, lines: [], changedLines, droppedLines };
    return {
      set,
      after: place.line + found.length,
      write: (session) => this.undos.putStep(session, { ...step, at: new Date(origin.time) }),
      again: () => this.keyStep(undo, found, place),
    };
  }

  private originOf({ undone: { run, integration }, position }: Undo): ChangeOrigin {
    return { position, time: this.databases.time().toISOString(), cause: { kind: 'undo', run, integration } };
  }
}
