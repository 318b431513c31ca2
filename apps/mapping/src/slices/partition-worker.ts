import { Injectable } from '@nestjs/common';
import { Databases } from '@rollcall/collections';
import type { RawUser } from '@rollcall/contracts';
import { type BatchContext, type ConsumedMessage, type MessageBatch, standsAt } from '@rollcall/messaging';

import { MappingsService } from '../mappings/mappings.service.js';
import { SamplesService } from '../mappings/samples.service.js';
import { ControlWorker } from './control-worker.js';
import { EventPublisher } from './event-publisher.js';
import { footprintOf, mapSlice } from './mapped-slice.js';
import { obstacleTo } from './obstacle.js';
import { PartitionOpener } from './partition-opener.js';
import type { PartitionState } from './partition-state.js';
import { RecordSlicePlanner } from './record-slice.planner.js';
import { type CommittedRecords, RecordsCommitter } from './records-committer.js';
import { Replayer } from './replayer.js';
import { SerialQueue } from './serial-queue.js';
import { cutSlices, type RecordsSlice } from './slice.js';
import { SliceLock } from './slice-lock.js';

/** Publications that may wait for their acks while later slices are committed; bounds memory (I13). */
const publicationsAtOnce = 2;

/** At first no key is expected to be refused. */
const noneRefused: ReadonlySet<string> = new Set();

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
    private readonly planner: RecordSlicePlanner,
    private readonly committer: RecordsCommitter,
    private readonly controls: ControlWorker,
    private readonly replayer: Replayer,
    private readonly publisher: EventPublisher,
    private readonly samples: SamplesService,
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
          if (!(await this.controls.handle(state, slice, context))) break;
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
    const obstacle = obstacleTo(slice, reading);
    if (obstacle !== null || reading === null) {
      await commits.drain();
      await publications.drain();
      await this.controls.skip(state, slice, obstacle ?? 'unknown');
      await context.commit(slice.last.offset);
      return;
    }
    const mapping = await this.mappings.compiled(reading);
    await mapping.evaluate(usersOf(slice));
    await this.samples.note(reading, slice);
    const { partition, epoch, records } = state;
    const mapped = mapSlice({ partition, epoch, records }, slice, reading, mapping, this.databases.time());
    const leave = await this.lock.enter(footprintOf(mapped));
    let handedOver = false;
    try {
      const planned = await this.planner.plan(mapped, noneRefused);
      await commits.drain();
      await publications.room();
      handedOver = true;
      commits.add(async () => {
        try {
          const committed = await this.committer.commit(state, mapped, planned);
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
