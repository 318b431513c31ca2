import { Injectable } from '@nestjs/common';
import { attemptTransaction, type ClientSession, Databases } from '@rollcall/collections';
import { rawRecordsTopic, type RawUser } from '@rollcall/contracts';
import {
  type BatchContext,
  type ConsumedMessage,
  DeadLetters,
  type MessageBatch,
  type Refusal,
  standsAt,
} from '@rollcall/messaging';

import { MappingsService } from '../mappings/mappings.service.js';
import { SamplesService } from '../mappings/samples.service.js';
import { PositionsRepository } from '../positions/positions.repository.js';
import { rawRecordsGroup } from '../positions/raw-records-group.js';
import { notOfThisRun, PublishedRuns, runUnknown } from '../readings/published-runs.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { ControlSlices } from './control-slices.js';
import { EventPublisher } from './event-publisher.js';
import { PartitionOpener } from './partition-opener.js';
import type { PartitionState } from './partition-state.js';
import { type CommittedRecords, RecordsCommitter } from './records-committer.js';
import { Replayer } from './replayer.js';
import { SerialQueue } from './serial-queue.js';
import { type ControlSlice, cutSlices, type RecordsSlice, type Slice } from './slice.js';
import { SliceLock } from './slice-lock.js';
import { SweepRunner } from './sweep-runner.js';
import { UndoRunner } from './undo-runner.js';

/** Publications that may wait for their acks while later slices are committed; bounds memory (I13). */
const publicationsAtOnce = 2;

/**
 * Takes a partition's messages through their slices. Transactions, publications and offset commits happen strictly in
 * order; while one slice is being committed and published the next is decoded, read and folded (B1).
 */
@Injectable()
export class PartitionWorker {
  private readonly lock = new SliceLock();

  constructor(
    private readonly databases: Databases,
    private readonly opener: PartitionOpener,
    private readonly mappings: MappingsService,
    private readonly committer: RecordsCommitter,
    private readonly controls: ControlSlices,
    private readonly sweeps: SweepRunner,
    private readonly undos: UndoRunner,
    private readonly replayer: Replayer,
    private readonly publisher: EventPublisher,
    private readonly positions: PositionsRepository,
    private readonly readings: ReadingsRepository,
    private readonly samples: SamplesService,
    private readonly deadLetters: DeadLetters,
    private readonly runs: PublishedRuns,
  ) {}

  /** Works a batch off. Throws to be given it again; the position then says what was done already. */
  async work(state: PartitionState, batch: MessageBatch, context: BatchContext): Promise<void> {
    for (const message of batch.messages) this.opener.verify(state.position, message);
    const applied = batch.messages.filter((message) => state.isApplied(message.offset));
    for (const slice of cutSlices(applied)) {
      if (!context.isCurrent()) return;
      await this.replayer.replay(state, slice);
      await context.commit(slice.last.offset);
    }
    const fresh = batch.messages.slice(applied.length);
    await this.checkGap(state, fresh);
    await this.workFresh(state, fresh, context);
  }

  private async workFresh(
    state: PartitionState,
    messages: readonly ConsumedMessage[],
    context: BatchContext,
  ): Promise<void> {
    const commits = new SerialQueue(1);
    const publications = new SerialQueue(publicationsAtOnce);
    try {
      for (const slice of cutSlices(messages)) {
        if (!context.isCurrent()) break;
        if (slice.kind === 'records') await this.handleRecords(state, slice, context, commits, publications);
        else {
          await commits.drain();
          await publications.drain();
          if (!(await this.handleControl(state, slice, context))) break;
          await context.commit(slice.last.offset);
        }
      }
    } finally {
      // Both are awaited even after an error, so that nothing of this batch runs on behind the next one.
      await Promise.allSettled([commits.drain(), publications.drain()]);
    }
    await commits.drain();
    await publications.drain();
  }

  private async handleRecords(
    state: PartitionState,
    slice: RecordsSlice,
    context: BatchContext,
    commits: SerialQueue,
    publications: SerialQueue,
  ): Promise<void> {
    const reading = await state.reading(slice.integration);
    const obstacle = fence(slice, reading);
    if (obstacle !== null || reading === null) {
      await commits.drain();
      await publications.drain();
      await this.skip(state, slice, obstacle ?? 'unknown');
      await context.commit(slice.last.offset);
      return;
    }
    const mapping = await this.mappings.compiled(reading);
    await mapping.evaluate(usersOf(slice));
    await this.samples.note(reading, slice);
    const mapped = this.committer.map(state, slice, reading, mapping);
    const leave = await this.lock.enter(this.committer.footprint(mapped));
    let handedOver = false;
    try {
      const prepared = await this.committer.prepare(mapped);
      await commits.drain();
      await publications.room();
      handedOver = true;
      commits.add(async () => {
        try {
          const committed = await this.committer.commit(state, prepared);
          for (const one of committed) publications.add(() => this.publish(state, one, context));
        } finally {
          leave();
        }
      });
    } finally {
      if (!handedOver) leave();
    }
  }

  private async publish(state: PartitionState, committed: CommittedRecords, context: BatchContext): Promise<void> {
    const { slice } = committed;
    if (committed.replay) await this.replayer.replay(state, slice);
    else await this.publisher.publish(committed.events, committed.reports);
    state.published(slice);
    await context.commit(slice.last.offset);
  }

  /** False if the message was not finished, because the work has to stop. */
  private async handleControl(
    state: PartitionState,
    slice: Exclude<Slice, RecordsSlice>,
    context: BatchContext,
  ): Promise<boolean> {
    if (slice.kind === 'refused') {
      await this.park(
        state,
        slice.messages.map((message) => ({ message, ...message.refusal })),
      );
      await this.move(state, slice);
    } else if (slice.kind === 'poison') {
      await this.park(state, [{ message: slice.message, code: 'undecodable', reason: slice.reason }]);
      await this.move(state, slice, (session) => this.taint(session, state, slice.integration, slice.reason));
    } else if (!(await this.takeControl(state, slice, context))) return false;
    state.published(slice);
    return true;
  }

  private async takeControl(state: PartitionState, slice: ControlSlice, context: BatchContext): Promise<boolean> {
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
  private async skip(state: PartitionState, slice: RecordsSlice, obstacle: Obstacle): Promise<void> {
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

  /**
   * Offsets that do not follow each other mean that messages are gone, if the topic begins later by now (B3). Otherwise they
   * were never messages: whoever writes in transactions leaves marks of them in the log.
   */
  private async checkGap(state: PartitionState, fresh: readonly ConsumedMessage[]): Promise<void> {
    let expected =
      state.position === null || state.position.offset < 0
        ? null
        : state.position.offset + (state.position.line === null ? 1 : 0);
    for (const message of fresh) {
      if (
        expected !== null &&
        !standsAt(message, expected) &&
        (await this.opener.beginsAfter(state.partition, expected))
      ) {
        await this.opener.taint(state.partition, null, 'offset-gap', 'Messages of this run are missing in the topic.');
        state.readings.clear();
        return;
      }
      expected = message.offset + 1;
    }
  }
}

function* usersOf(slice: RecordsSlice): Generator<RawUser> {
  for (const { users } of slice.messages) yield* users;
}

/** Why records are not taken: of an older generation or a closed one, before their START, of another run. */
type Obstacle = 'fenced' | 'unknown' | 'foreign';

function fence(
  slice: RecordsSlice,
  reading: { generation: number; run: string; state: string } | null,
): Obstacle | null {
  if (reading === null || reading.generation < slice.generation) return 'unknown';
  if (reading.generation > slice.generation) return 'fenced';
  if (reading.run !== slice.run) return 'foreign';
  return reading.state === 'open' ? null : 'fenced';
}
