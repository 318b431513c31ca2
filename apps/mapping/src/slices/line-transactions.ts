import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { attemptTransaction, type ClientSession, Databases, isDuplicateKey, isTransient } from '@rollcall/collections';

import type { ChangeSet } from '../changes/change-set.js';
import { ChangesRepository, RecordConflict } from '../changes/changes.repository.js';
import { PositionsRepository } from '../positions/positions.repository.js';
import { EventPublisher } from './event-publisher.js';
import type { PartitionState } from './partition-state.js';
import { Replayer } from './replayer.js';
import { SerialQueue } from './serial-queue.js';
import type { ControlSlice } from './slice.js';

export const linesPerTransaction = 1000;

/** Publications that may wait for their acks while later steps are committed; bounds memory (I13). */
const publicationsAtOnce = 2;

/** Somebody took a key that was free when the step was planned; planned again it is seen as taken. Never so often. */
const mostKeyClashes = 10;

/** What one transaction does. */
export interface LineStep {
  readonly set: ChangeSet;
  /** Lines applied once it is committed. */
  readonly after: number;
  readonly write: (session: ClientSession) => Promise<void>;
  /** The same lines, planned on records as they are now. */
  readonly again: () => Promise<LineStep>;
}

/** A control message that changes many records, in transactions of 1000 lines that go on where they stopped (B17). */
@Injectable()
export class LineTransactions {
  constructor(
    private readonly databases: Databases,
    private readonly positions: PositionsRepository,
    private readonly changes: ChangesRepository,
    private readonly publisher: EventPublisher,
    private readonly replayer: Replayer,
  ) {}

  /** Lines applied by earlier transactions of this message; what they stored is said again first. */
  async resume(state: PartitionState, slice: ControlSlice): Promise<number> {
    if (!isBegun(state, slice)) return 0;
    await this.replayer.replayChanges(state, slice.first.offset, slice.first.offset);
    return state.position?.line ?? 0;
  }

  /**
   * Strictly in order. While one step is committed the next is planned, and what was committed is published (B1); a plan
   * that came too early meets a conflict and is made again. False: the work has to stop.
   * @param next plans the next lines, and is called once for each; null when there are no more
   */
  async run(
    state: PartitionState,
    slice: ControlSlice,
    isCurrent: () => boolean,
    next: () => Promise<LineStep | null>,
  ): Promise<boolean> {
    const publications = new SerialQueue(publicationsAtOnce);
    const ahead = (): Promise<LineStep | null> => {
      const planning = next();
      // Met when its turn comes; until then it must not count as unhandled.
      planning.catch(() => undefined);
      return planning;
    };
    try {
      let planning = ahead();
      for (;;) {
        if (!isCurrent()) return false;
        const step = await planning;
        if (step === null) break;
        planning = ahead();
        const { events } = await this.commit(state, slice, step);
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

  /** All of the message is applied; `write` stores what is to be reported of it. */
  async finish(
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

  private async commit(state: PartitionState, slice: ControlSlice, planned: LineStep): Promise<ChangeSet> {
    let step = planned;
    for (let attempt = 1; ; attempt += 1) {
      const after = state.positionAfter(slice, step.after);
      try {
        await attemptTransaction(this.databases, async (session) => {
          await this.positions.move(session, state.position, after);
          await this.changes.write(session, step.set);
          await step.write(session);
        });
        state.committed(slice, after);
        return step.set;
      } catch (error) {
        if (!isConflict(error, attempt)) throw error;
        await sleep(Math.random() * Math.min(20 * 2 ** attempt, 2_000));
        step = await step.again();
      }
    }
  }
}

function isConflict(error: unknown, attempt: number): boolean {
  if (error instanceof RecordConflict || isTransient(error)) return true;
  return isDuplicateKey(error) && attempt < mostKeyClashes;
}

/** Some of its lines are applied, and the position says how many (B17). */
export function isBegun({ position }: PartitionState, slice: ControlSlice): boolean {
  return position?.offset === slice.first.offset && position.line !== null;
}
