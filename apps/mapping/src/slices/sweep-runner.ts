import { Injectable } from '@nestjs/common';
import { Databases, type ReadingDocument } from '@rollcall/collections';
import type { Cause, RawMessageOf, RunReport } from '@rollcall/contracts';
import type { Refusal } from '@rollcall/messaging';

import type { ChangeOrigin } from '../changes/change-set.js';
import { ChangesRepository } from '../changes/changes.repository.js';
import { positionText, positionTexts } from '../changes/positions-in-text.js';
import { PlansRepository } from '../plans/plans.repository.js';
import { SweepPlanner } from '../plans/sweep-planner.js';
import { PublishedRunsRepository } from '../readings/published-runs.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { EventPublisher } from './event-publisher.js';
import { isBegun, linesPerTransaction, type LineStep, LineTransactions } from './line-transactions.js';
import type { PartitionState } from './partition-state.js';
import type { ControlSlice } from './slice.js';

/**
 * `stopped` = the process stops or the partition moved: whoever goes on does so after the stored line (B17).
 * `nothing` = fenced, or done before: the position passes over it. A refusal = it does not say what was decided.
 */
export type SweepOutcome = 'done' | 'nothing' | 'stopped' | Refusal;

interface Part {
  readonly reading: ReadingDocument;
  readonly refuted: ReadonlySet<string>;
  readonly from: number;
  readonly to: number;
}

/** SWEEP: carries out the plan that the guard let pass (E2). */
@Injectable()
export class SweepRunner {
  constructor(
    private readonly databases: Databases,
    private readonly lines: LineTransactions,
    private readonly changes: ChangesRepository,
    private readonly plans: PlansRepository,
    private readonly planner: SweepPlanner,
    private readonly readings: ReadingsRepository,
    private readonly publisher: EventPublisher,
    private readonly runs: PublishedRunsRepository,
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
    let line = await this.lines.resume(state, slice);
    const isDone = await this.lines.run(state, slice, isCurrent, async () => {
      if (line >= total) return null;
      const from = line;
      line = Math.min(from + linesPerTransaction, total);
      return this.step(state, slice, { reading, refuted, from, to: line });
    });
    if (!isDone) return 'stopped';
    const report = await this.sweptReport(state, slice, reading);
    const after: ReadingDocument = { ...reading, swept: report };
    await this.lines.finish(state, slice, (session) => this.readings.put(session, after));
    state.readings.set(reading._id, after);
    await this.publisher.publish([], [report]);
    return 'done';
  }

  private async step(state: PartitionState, slice: ControlSlice, part: Part): Promise<LineStep> {
    const { reading, refuted, from, to } = part;
    const lines = await this.plans.linesFrom(reading.run, from, to - from);
    const origins = this.originsOf(state, slice, reading);
    const { set, executed, stale } = await this.planner.sweep(reading, lines, refuted, (one) => origins[one.kind]);
    return {
      set,
      after: to,
      write: (session) => this.plans.settleLines(session, executed, stale),
      again: () => this.step(state, slice, part),
    };
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
