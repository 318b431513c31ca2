import { setTimeout as sleep } from 'node:timers/promises';

import { Inject, Injectable } from '@nestjs/common';
import {
  attemptTransaction,
  type ClientSession,
  Databases,
  isTransient,
  type ReadingDocument,
} from '@rollcall/collections';
import type { Cause, RawMessageOf, RunReport } from '@rollcall/contracts';
import type { Refusal } from '@rollcall/messaging';

import type { ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { ChangesRepository, RecordConflict } from '../changes/changes.repository.js';
import { positionText, positionTexts } from '../changes/positions-in-text.js';
import { PlansRepository } from '../plans/plans.repository.js';
import { SweepPlanner } from '../plans/sweep-planner.js';
import { PositionsRepository } from '../positions/positions.repository.js';
import { PublishedRuns } from '../readings/published-runs.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { EventPublisher } from './event-publisher.js';
import type { PartitionState } from './partition-state.js';
import { Replayer } from './replayer.js';
import type { ControlSlice } from './slice.js';
import { WorkChain } from './work-chain.js';

const linesPerTransaction = 1000;

/**
 * `stopped` = the process stops or the partition moved: whoever goes on does so after the stored line (B17).
 * `nothing` = fenced, or done before: the position passes over it. A refusal = it does not say what was decided.
 */
export type SweepOutcome = 'done' | 'nothing' | 'stopped' | Refusal;

/** Publications that may wait for their acks while later steps are committed; bounds memory (I13). */
const publicationsAtOnce = 2;

interface Lines {
  readonly from: number;
  readonly total: number;
  readonly isCurrent: () => boolean;
}

interface Step {
  readonly set: ChangeSet;
  readonly write: (session: ClientSession) => Promise<void>;
}

/** SWEEP and UNDO: control messages that change many records, in transactions of 1000 lines (B17). */
@Injectable()
export class SweepRunner {
  constructor(
    @Inject(Databases) private readonly databases: Databases,
    @Inject(PositionsRepository) private readonly positions: PositionsRepository,
    @Inject(ChangesRepository) private readonly changes: ChangesRepository,
    @Inject(PlansRepository) private readonly plans: PlansRepository,
    @Inject(SweepPlanner) private readonly planner: SweepPlanner,
    @Inject(ReadingsRepository) private readonly readings: ReadingsRepository,
    @Inject(EventPublisher) private readonly publisher: EventPublisher,
    @Inject(Replayer) private readonly replayer: Replayer,
    @Inject(PublishedRuns) private readonly runs: PublishedRuns,
  ) {}

  /** Executes the plan of the reading, if something says that it may (A12, B5). */
  async sweep(
    state: PartitionState,
    slice: ControlSlice,
    message: RawMessageOf<'sweep'>,
    isCurrent: () => boolean,
  ): Promise<SweepOutcome> {
    const reading = await state.reading(message.i);
    if (reading?.generation !== message.g || reading.state !== 'ended' || reading.swept) return 'nothing';
    if (reading.pinned.scope !== 'full') return 'nothing';
    const plan = await this.plans.plan(reading.run);
    const verdict = await this.runs.passed(message, reading, plan, isBegun(state, slice));
    if ('code' in verdict) return verdict;
    const total = plan?.lines ?? 0;
    const refuted = new Set(verdict.refuted);
    const from = await this.resume(state, slice);
    const isDone = await this.inSteps(state, slice, { from, total, isCurrent }, async (line) => {
      const lines = await this.plans.linesFrom(reading.run, line, Math.min(linesPerTransaction, total - line));
      const origins = this.originsOf(state, slice, reading);
      const { set, executed, stale } = await this.planner.sweep(reading, lines, refuted, (one) => origins[one.kind]);
      return { set, write: (session) => this.plans.settleLines(session, executed, stale) };
    });
    if (!isDone) return 'stopped';
    const report = await this.sweptReport(state, slice, reading);
    const after: ReadingDocument = { ...reading, swept: report };
    await this.finish(state, slice, (session) => this.readings.put(session, after));
    state.readings.set(reading._id, after);
    await this.publisher.publish([], [report]);
    return 'done';
  }

  async undo(
    state: PartitionState,
    slice: ControlSlice,
    message: RawMessageOf<'undo'>,
    isCurrent: () => boolean,
  ): Promise<SweepOutcome> {
    const refusal = await this.runs.undoRefusal(message);
    if (refusal !== null) return refusal;
    if ((await this.plans.plan(message.r))?.undone) return 'nothing';
    const accounts = await this.plans.executedAccounts(message.r);
    const cause: Cause = { kind: 'undo', run: message.r, integration: message.i };
    const from = await this.resume(state, slice);
    const isDone = await this.inSteps(state, slice, { from, total: accounts.length, isCurrent }, async (line) => {
      const chunk = accounts.slice(line, line + linesPerTransaction);
      const set = await this.planner.undo(message.r, chunk, this.originOf(state, slice, cause), line);
      return { set, write: async () => undefined };
    });
    if (!isDone) return 'stopped';
    const reactivated = await this.changes.countUnder(positionTexts(state, slice.first.offset), 'account');
    const report: RunReport = {
      kind: 'undone',
      run: message.r,
      integration: message.i,
      generation: message.g,
      reactivated,
      left: accounts.length - reactivated,
    };
    await this.finish(state, slice, (session) => this.plans.putUndone(session, message.r, report));
    await this.publisher.publish([], [report]);
    return 'done';
  }

  /** Line to go on with; what earlier transactions of this message stored is said again first (B17). */
  private async resume(state: PartitionState, slice: ControlSlice): Promise<number> {
    if (!isBegun(state, slice)) return 0;
    await this.replayer.replayChanges(state, slice.first.offset, slice.first.offset);
    return state.position?.line ?? 0;
  }

  /**
   * Transactions of 1000 lines, strictly in order. While one is committed the next is planned, and what was committed is
   * published (B1); a plan that came too early meets a conflict and is made again. False: the work has to stop.
   */
  private async inSteps(
    state: PartitionState,
    slice: ControlSlice,
    { from, total, isCurrent }: Lines,
    plan: (line: number) => Promise<Step>,
  ): Promise<boolean> {
    const publications = new WorkChain(publicationsAtOnce);
    const ahead = (line: number): Promise<Step> | null => {
      if (line >= total) return null;
      const planning = plan(line);
      // Met when its turn comes; until then it must not count as unhandled.
      planning.catch(() => undefined);
      return planning;
    };
    try {
      let next = ahead(from);
      for (let line = from; next !== null; line += linesPerTransaction) {
        if (!isCurrent()) return false;
        const step = await next;
        next = ahead(line + linesPerTransaction);
        const after = Math.min(line + linesPerTransaction, total);
        const { events } = await this.commitStep(state, slice, after, step, () => plan(line));
        await publications.room();
        publications.add(() => this.publisher.publish(events));
      }
    } finally {
      // Awaited even after an error, so that nothing of this message runs on behind the next one.
      await publications.drain().catch(() => undefined);
    }
    await publications.drain();
    return true;
  }

  private async commitStep(
    state: PartitionState,
    slice: ControlSlice,
    line: number,
    planned: Step,
    again: () => Promise<Step>,
  ): Promise<ChangeSet> {
    let { set, write } = planned;
    for (let attempt = 1; ; attempt += 1) {
      const after = state.positionAfter(slice, line);
      try {
        await attemptTransaction(this.databases, async (session) => {
          await this.positions.move(session, state.position, after);
          await this.changes.write(session, set);
          await write(session);
        });
        state.committed(slice, after);
        return set;
      } catch (error) {
        if (!(error instanceof RecordConflict) && !isTransient(error)) throw error;
        await sleep(Math.random() * Math.min(20 * 2 ** attempt, 2_000));
        ({ set, write } = await again());
      }
    }
  }

  private async finish(
    state: PartitionState,
    slice: ControlSlice,
    write: (session: ClientSession) => Promise<void>,
  ): Promise<void> {
    const after = state.positionAfter(slice, null);
    await attemptTransaction(this.databases, async (session) => {
      await this.positions.move(session, state.position, after);
      await write(session);
    });
    state.committed(slice, after);
  }

  private async sweptReport(state: PartitionState, slice: ControlSlice, reading: ReadingDocument): Promise<RunReport> {
    const { executed, stale } = await this.plans.countByState(reading.run);
    return {
      kind: 'swept',
      run: reading.run,
      integration: reading._id,
      generation: reading.generation,
      deactivated: executed,
      stale,
      peopleDeactivated: await this.changes.countUnder(
        positionTexts(state, slice.first.offset),
        'person',
        'person.deactivated',
      ),
    };
  }

  private originsOf(state: PartitionState, slice: ControlSlice, reading: ReadingDocument) {
    const { _id: integration, run, pinned } = reading;
    const causeOf = (line: 'missing' | 'inactive'): Cause => ({
      kind: 'sweep',
      run,
      integration,
      line,
      initial: pinned.initial,
    });
    return {
      missing: this.originOf(state, slice, causeOf('missing')),
      inactive: this.originOf(state, slice, causeOf('inactive')),
    };
  }

  private originOf(state: PartitionState, slice: ControlSlice, cause: Cause): ChangeOrigin {
    const position = positionText(state, slice.first.offset);
    return { position, time: this.databases.time().toISOString(), cause };
  }
}

/** Some of its lines are applied, and the position says how many (B17). */
function isBegun({ position }: PartitionState, slice: ControlSlice): boolean {
  return position?.offset === slice.first.offset && position.line !== null;
}
