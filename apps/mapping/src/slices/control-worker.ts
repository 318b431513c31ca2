import { Injectable } from '@nestjs/common';
import { attemptTransaction, type ClientSession, Databases } from '@rollcall/collections';
import { rawRecordsTopic } from '@rollcall/contracts';
import { type BatchContext, type ConsumedMessage, DeadLetters, type Refusal } from '@rollcall/messaging';

import { PositionsRepository } from '../positions/positions.repository.js';
import { rawRecordsGroup } from '../positions/raw-records-group.js';
import { notOfThisRun, PublishedRunsRepository, runUnknown } from '../readings/published-runs.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { ControlSlices } from './control-slices.js';
import { EventPublisher } from './event-publisher.js';
import type { Obstacle } from './obstacle.js';
import type { PartitionState } from './partition-state.js';
import type { ControlSlice, RecordsSlice, Slice } from './slice.js';
import { SweepRunner } from './sweep-runner.js';
import { UndoRunner } from './undo-runner.js';

/** Takes a partition past everything but users that are written: control messages, poison, and users that are not taken. */
@Injectable()
export class ControlWorker {
  constructor(
    private readonly databases: Databases,
    private readonly controls: ControlSlices,
    private readonly sweeps: SweepRunner,
    private readonly undos: UndoRunner,
    private readonly publisher: EventPublisher,
    private readonly positions: PositionsRepository,
    private readonly readings: ReadingsRepository,
    private readonly deadLetters: DeadLetters,
    private readonly runs: PublishedRunsRepository,
  ) {}

  /** False if the message was not finished, because the work has to stop. */
  async handle(state: PartitionState, slice: Exclude<Slice, RecordsSlice>, context: BatchContext): Promise<boolean> {
    if (slice.kind === 'refused') {
      await this.park(
        state,
        slice.messages.map((message) => ({ message, ...message.refusal })),
      );
      await this.move(state, slice);
    } else if (slice.kind === 'poison') {
      await this.park(state, [{ message: slice.message, code: 'undecodable', reason: slice.reason }]);
      await this.move(state, slice, (session) => this.taint(session, state, slice.integration, slice.reason));
    } else if (!(await this.obey(state, slice, context))) return false;
    state.published(slice);
    return true;
  }

  private async obey(state: PartitionState, slice: ControlSlice, context: BatchContext): Promise<boolean> {
    const { message } = slice;
    const isCurrent = () => context.isCurrent();
    if (message.k === 'sweep' || message.k === 'undo') {
      const outcome =
        message.k === 'sweep'
          ? await this.sweeps.sweep(state, slice, message, isCurrent)
          : await this.undos.undo(state, slice, message, isCurrent);
      if (typeof outcome === 'object') await this.park(state, [{ message: slice.source, ...outcome }]);
      if (typeof outcome === 'object' || outcome === 'nothing') await this.move(state, slice);
      return outcome !== 'stopped';
    }
    const known = await state.reading(message.i);
    const effect =
      message.k === 'start'
        ? await this.controls.start(message, state.partition, known)
        : message.k === 'end'
          ? await this.controls.conclude(message, known)
          : this.controls.abort(message, known);
    if (effect.refusal) await this.park(state, [{ message: slice.source, ...effect.refusal }]);
    await this.move(state, slice, (session) => effect.write(session));
    if (effect.reading) state.readings.set(message.i, effect.reading);
    await this.publisher.publish([], effect.reports);
    return true;
  }

  /**
   * Records of a fenced generation are dropped. Of one whose START was never seen they are parked, and what is open of the
   * integration is in doubt (B5, B6); but if sync-runner does not know their run either, they concern nobody.
   */
  async skip(state: PartitionState, slice: RecordsSlice, obstacle: Obstacle): Promise<void> {
    const standing =
      obstacle === 'unknown'
        ? await this.runs.standingOf({ i: slice.integration, g: slice.generation, r: slice.run })
        : null;
    if (standing === 'current') await this.parkLost(state, slice);
    else {
      const refusal =
        obstacle === 'foreign'
          ? notOfThisRun('A message with users', slice.run)
          : standing === 'unknown'
            ? runUnknown('A message with users', slice.run)
            : null;
      // One for all of the slice: a restored database may know nothing of days of runs.
      if (refusal) await this.park(state, [{ message: slice.messages[0]!.source, ...refusal }]);
      await this.move(state, slice);
    }
    state.published(slice);
  }

  private async parkLost(state: PartitionState, slice: RecordsSlice): Promise<void> {
    const reason = 'the message belongs to a run whose START was never seen';
    await this.park(
      state,
      slice.messages.map(({ source }) => ({ message: source, code: 'start-missing', reason })),
    );
    await this.move(state, slice, (session) => this.taint(session, state, slice.integration, reason));
  }

  /** Moves the position over a slice, with whatever else belongs to it, in one transaction. */
  private async move(
    state: PartitionState,
    slice: Slice,
    write: (session: ClientSession) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const after = state.positionAfter(slice, null);
    await attemptTransaction(this.databases, async (session) => {
      await this.positions.move(session, state.position, after);
      await write(session);
    });
    state.committed(slice, after);
  }

  private async taint(
    session: ClientSession,
    state: PartitionState,
    integration: string | null,
    why: string,
  ): Promise<void> {
    const reason = {
      code: 'message-lost',
      message: `A message of this run could not be processed (${why}) and was parked as a dead letter. Start the run again.`,
    };
    await this.readings.taint(session, { partition: state.partition, integration }, reason);
    if (integration === null) state.readings.clear();
    else state.readings.delete(integration);
  }

  private async park(
    { partition }: PartitionState,
    letters: readonly (Refusal & { readonly message: ConsumedMessage })[],
  ): Promise<void> {
    const place = { topic: rawRecordsTopic, partition, group: rawRecordsGroup };
    await this.deadLetters.park(letters.map((letter) => ({ ...letter, ...place })));
  }
}
