import { Inject, Injectable } from '@nestjs/common';
import { attemptTransaction, Databases, type PositionDocument } from '@rollcall/collections';
import { rawRecordsTopic } from '@rollcall/contracts';
import { committedOffsets, type ConsumedMessage, KafkaConnection, partitionBounds } from '@rollcall/messaging';
import type { Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

import { RecordEpochsRepository } from '../epochs/record-epochs.repository.js';
import { PositionsRepository } from '../positions/positions.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { PartitionRefused, PartitionState } from './partition-state.js';
import { digestOf } from './slice.js';

/** Where to read on, and what is known so far. */
export interface Opened {
  readonly state: PartitionState;
  readonly readFrom: number;
}

/** Compares the stored position with the topic before any work is done on a partition (B2, B3). */
@Injectable()
export class PartitionOpener {
  constructor(
    private readonly databases: Databases,
    private readonly kafka: KafkaConnection,
    private readonly positions: PositionsRepository,
    private readonly readings: ReadingsRepository,
    private readonly epochs: RecordEpochsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Throws `PartitionRefused` when the topic is not the one that the position was taken in. */
  async open(partition: number): Promise<Opened> {
    const position = await this.positions.find(partition);
    const bounds = (await partitionBounds(this.kafka, rawRecordsTopic)).get(partition) ?? { low: 0, high: 0 };
    const present = position === null ? (await this.epochs.find())?.epoch : undefined;
    const state = new PartitionState(partition, position, this.readings, () => this.databases.time(), present);
    if (position === null || position.offset < 0) return { state, readFrom: bounds.low };
    if (bounds.high <= position.offset) throw refused(position, `it ends at ${bounds.high}, before ${position.offset}`);
    if (bounds.low > position.offset) {
      await this.taint(partition, null, 'log-begins-later', 'Messages of this run were deleted before they were read.');
    }
    return { state, readFrom: Math.max(bounds.low, position.from.offset) };
  }

  /** The first message read must be the one that the position names (B2). */
  verify(position: PositionDocument | null, message: ConsumedMessage): void {
    if (position === null) return;
    for (const mark of [position.from, position]) {
      if (message.offset === mark.offset && digestOf(message) !== mark.digest) {
        throw refused(position, `message ${mark.offset} is another one`);
      }
    }
  }

  /** Which of `partitions` cannot be worked on, without waiting for a message that may never come. */
  async findRefused(partitions: readonly number[]): Promise<PartitionRefused[]> {
    const bounds = await partitionBounds(this.kafka, rawRecordsTopic);
    const found: PartitionRefused[] = [];
    for (const position of await this.positions.all()) {
      if (!partitions.includes(position._id)) continue;
      const high = bounds.get(position._id)?.high ?? 0;
      if (high > position.offset) continue;
      found.push(refused(position, `it ends at ${high}, before ${position.offset}`));
    }
    return found;
  }

  /**
   * Where to read on in partitions whose stored position is behind what the group committed: the database was restored
   * from before, and no message may come for long (B2).
   */
  async findBehind(partitions: readonly number[], group: string): Promise<Map<number, number>> {
    const committed = await committedOffsets(this.kafka, rawRecordsTopic, group);
    const stored = new Map((await this.positions.all()).map((position) => [position._id, position]));
    const behind = new Map<number, number>();
    for (const partition of partitions) {
      const next = (stored.get(partition)?.offset ?? -1) + 1;
      if ((committed.get(partition) ?? 0) > next) behind.set(partition, stored.get(partition)?.from.offset ?? 0);
    }
    return behind;
  }

  /** Whether the topic has lost the message at `offset` by now, rather than never held one there. */
  async beginsAfter(partition: number, offset: number): Promise<boolean> {
    const bounds = (await partitionBounds(this.kafka, rawRecordsTopic)).get(partition);
    return bounds === undefined || bounds.low > offset;
  }

  async taint(partition: number, integration: string | null, code: string, message: string): Promise<void> {
    this.logger.warn(`generations of partition ${partition} are in doubt: ${message}`, { integration });
    await attemptTransaction(this.databases, (session) =>
      this.readings.taint(session, { partition, integration }, { code, message: `${message} Start the run again.` }),
    );
  }
}

function refused(position: PositionDocument, why: string): PartitionRefused {
  const message =
    `raw-records is not the topic I knew: partition ${position._id}: ${why}. It was recreated or restored. ` +
    'Nothing is processed until you accept it with `rollcall positions reset`, which starts new generations.';
  return new PartitionRefused(message, position);
}
