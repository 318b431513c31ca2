import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import {
  attemptTransaction,
  Databases,
  duplicateValueOf,
  isDuplicateKey,
  isOutcomeUnknown,
  isTransient,
} from '@rollcall/collections';
import type { RunReport } from '@rollcall/contracts';

import { ChangesRepository, RecordConflict } from '../changes/changes.repository.js';
import type { RecordEvent } from '../changes/record-change.js';
import { TrackingRepository } from '../mappings/tracking.repository.js';
import { PositionLost, PositionsRepository } from '../positions/positions.repository.js';
import { PreviewsRepository } from '../previews/previews.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { footprintOf, type MappedSlice, mapSlice } from './mapped-slice.js';
import type { PartitionState } from './partition-state.js';
import { type PlannedRecords, RecordSlicePlanner } from './record-slice.planner.js';
import { digestOf, type RecordsSlice } from './slice.js';

/** What a committed slice has to say; `replay` = ask the database, because the reply to the commit was lost (B15). */
export interface CommittedRecords {
  readonly slice: RecordsSlice;
  readonly events: readonly RecordEvent[];
  readonly reports: readonly RunReport[];
  readonly replay: boolean;
}

/** A single message that keeps meeting duplicate keys is a clash from here on (B14). */
const clashAfterAttempts = 4;
const longestPauseMs = 2_000;

/** Commits slices of users: one transaction each, recomputed on conflict, halved when that does not help (B13–B15). */
@Injectable()
export class RecordsCommitter {
  constructor(
    private readonly databases: Databases,
    private readonly planner: RecordSlicePlanner,
    private readonly positions: PositionsRepository,
    private readonly changes: ChangesRepository,
    private readonly readings: ReadingsRepository,
    private readonly previews: PreviewsRepository,
    private readonly tracking: TrackingRepository,
  ) {}

  /** @param planned planned anew if the slice before has given up a key meanwhile that this one wants */
  async commit(state: PartitionState, mapped: MappedSlice, planned: PlannedRecords): Promise<CommittedRecords[]> {
    const isOvertaken = this.wantsReleased(state, mapped);
    state.released.clear();
    return this.commitOrHalve(state, mapped, isOvertaken ? await this.planner.plan(mapped, new Set()) : planned);
  }

  /** A key that was still held when this slice was planned is free by now (B1). */
  private wantsReleased({ released }: PartitionState, mapped: MappedSlice): boolean {
    if (released.size === 0) return false;
    const wanted = footprintOf(mapped);
    return [...released].some((key) => wanted.has(key));
  }

  private async commitOrHalve(
    state: PartitionState,
    mapped: MappedSlice,
    first: PlannedRecords,
  ): Promise<CommittedRecords[]> {
    const forced = new Set<string>();
    let planned = first;
    for (let attempt = 1; ; attempt += 1) {
      let committed: CommittedRecords;
      try {
        committed = await this.write(state, mapped, planned);
      } catch (error) {
        if (!isConflict(error)) throw error;
        if (attempt >= 2 && mapped.slice.messages.length > 1) return this.commitHalves(state, mapped);
        if (attempt >= clashAfterAttempts) collectClash(error, forced);
        // Two writers that meet must not meet again at once.
        await sleep(Math.random() * Math.min(20 * 2 ** attempt, longestPauseMs));
        planned = await this.planner.plan(mapped, forced);
        continue;
      }
      // Beside the transaction, and beside its attempts: what is committed must not be tried again (D8).
      if (planned.preview === null) await this.tracking.note(mapped.mapping, mapped.reading, planned.touched);
      return [committed];
    }
  }

  private async commitHalves(state: PartitionState, mapped: MappedSlice): Promise<CommittedRecords[]> {
    const committed: CommittedRecords[] = [];
    for (const half of halvesOf(mapped.slice)) {
      const again = mapSlice(mapped.place, half, mapped.reading, mapped.mapping, mapped.seen.at);
      committed.push(...(await this.commitOrHalve(state, again, await this.planner.plan(again, new Set()))));
    }
    return committed;
  }

  private async write(state: PartitionState, mapped: MappedSlice, planned: PlannedRecords): Promise<CommittedRecords> {
    const { slice } = mapped;
    const before = state.position;
    const after = state.positionAfter(slice, null);
    try {
      await attemptTransaction(this.databases, async (session) => {
        await this.positions.move(session, before, after);
        if (planned.preview === null) await this.changes.write(session, planned.set);
        else await this.previews.write(planned.preview, session);
        await this.readings.addSeen(session, planned.seen);
      });
    } catch (error) {
      if (!isOutcomeUnknown(error) && !(error instanceof PositionLost)) throw error;
      await this.findOut(state, slice, error);
      return { slice, events: [], reports: [], replay: true };
    }
    state.committed(slice, after);
    for (const key of planned.set.releasedKeys()) state.released.add(key);
    return { slice, events: planned.preview === null ? planned.set.events : [], reports: [], replay: false };
  }

  /** Was it written after all? Position at this slice = yes; anything else = not ours any more (B15). */
  private async findOut(state: PartitionState, slice: RecordsSlice, cause: unknown): Promise<void> {
    const stored = await this.positions.find(state.partition);
    if (stored?.offset === slice.last.offset && stored.digest === slice.last.digest) {
      state.committed(slice, stored);
      return;
    }
    const unmoved = (stored?.offset ?? -1) === (state.position?.offset ?? -1);
    if (unmoved && isOutcomeUnknown(cause)) throw new RecordConflict('commit without reply');
    throw new PositionLost(state.partition);
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof RecordConflict || isTransient(error) || isDuplicateKey(error);
}

function halvesOf(slice: RecordsSlice): RecordsSlice[] {
  const middle = Math.ceil(slice.messages.length / 2);
  return [slice.messages.slice(0, middle), slice.messages.slice(middle)].map((messages) => ({
    ...slice,
    messages,
    first: markOf(messages[0]!),
    last: markOf(messages.at(-1)!),
  }));

  function markOf(message: RecordsSlice['messages'][number]) {
    return { offset: message.offset, digest: digestOf(message.source) };
  }
}

/** The key that the database refused, from its error, so that the next plan leaves it empty (B14). */
function collectClash(error: unknown, forced: Set<string>): void {
  const key = duplicateValueOf(error, 'keys');
  if (key !== null) forced.add(key);
}
