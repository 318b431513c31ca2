import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { PositionDocument } from '@rollcall/collections';
import { errorText } from '@rollcall/contracts';
import {
  type BatchContext,
  ConsumerHealth,
  KafkaConnection,
  type MessageBatch,
  type Seek,
  standsAt,
} from '@rollcall/messaging';
import { HealthRegistry, type Logger } from '@rollcall/observability';
import { Background, Drains, LOGGER } from '@rollcall/service';

import { PositionLost, PositionsRepository } from '../positions/positions.repository.js';
import { rawRecordsGroup } from '../positions/raw-records-group.js';
import { PartitionOpener } from './partition-opener.js';
import { PartitionRefused, type PartitionState } from './partition-state.js';
import { PartitionWorker } from './partition-worker.js';

/** How soon a replica notices that a person accepted the topic through another one, or that a database was restored. */
const lookIdleMs = 2_000;
/** Every so many looks the topic is asked how far it reaches. */
const looksPerComparison = 5;

const none: Seek = () => undefined;

/** Opens partitions from their stored positions, and refuses those it does not recognise. */
@Injectable()
export class PartitionsService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly open = new Map<number, PartitionState>();
  /** Last offset handled of each open partition: what comes before it comes out of another topic, or is read again. */
  private readonly readTo = new Map<number, number>();
  private readonly refused = new Map<number, string>();
  private readonly resume = new Map<number, () => void>();
  /** Partitions whose stored position is another one than was known: to be read again from there. */
  private readonly lost = new Set<number>();
  /** Found too short at the last comparison. A new leader may tell so for a moment, so it takes two. */
  private doubted: ReadonlySet<number> = new Set();
  private assignment: { readonly partitions: readonly number[]; readonly seek: Seek } = { partitions: [], seek: none };
  private looks = 0;
  private stopped = false;

  constructor(
    private readonly opener: PartitionOpener,
    private readonly worker: PartitionWorker,
    private readonly consumers: ConsumerHealth,
    private readonly kafka: KafkaConnection,
    private readonly health: HealthRegistry,
    private readonly positions: PositionsRepository,
    private readonly background: Background,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.consumers.onAssigned(this.kafka.groupOf(rawRecordsGroup), (partitions, seek) =>
      this.assigned(partitions, seek),
    );
    this.health.add('raw-records', () => ({
      ok: this.refused.size === 0,
      detail: [...this.refused.values()][0] ?? 'positions fit the topic',
    }));
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
  }

  async consume(batch: MessageBatch, context: BatchContext): Promise<void> {
    const { partition } = batch;
    try {
      const state = await this.stateOf(batch, context);
      if (!state) return;
      await this.worker.work(state, batch, context);
      if (this.open.get(partition) === state) this.readTo.set(partition, batch.messages.at(-1)!.offset);
    } catch (error) {
      this.open.delete(partition);
      if (error instanceof PositionLost) {
        // Somebody else owns the partition now, or did for a while: start over from the stored position.
        this.logger.warn(error.message);
        this.lost.add(partition);
        this.background.wake(PartitionsService);
        return;
      }
      if (!(error instanceof PartitionRefused)) throw error;
      this.resume.set(partition, context.pause());
      await this.refuse(error);
    }
  }

  /** Looks at once whether positions were changed from outside, through this replica or another. */
  lookAtPositions(): void {
    this.background.wake(PartitionsService);
  }

  /**
   * A person accepted another topic, or the database was restored: all that is remembered of such a partition is void. It is
   * read from its stored position without waiting for a message, because its next one may never come.
   */
  @Drains({ name: 'look at the positions of raw-records', idleMs: lookIdleMs })
  async look(): Promise<boolean> {
    const { partitions } = this.assignment;
    if (partitions.length === 0) return false;
    const known = new Map([...this.open].map(([partition, { position }]) => [partition, position]));
    for (const position of await this.positions.all()) {
      if (!partitions.includes(position._id)) continue;
      if (this.isOutdated(position, known.get(position._id) ?? null)) this.takeUp(position);
    }
    this.looks += 1;
    if (this.looks % looksPerComparison === 0) await this.lookAtTopic();
    return false;
  }

  /** @param known the position that was remembered before the stored one was read */
  private isOutdated(stored: PositionDocument, known: PositionDocument | null): boolean {
    if (stored.refused !== null) return false;
    if (this.refused.has(stored._id) || this.lost.has(stored._id)) return true;
    return known !== null && !isSameWay(known, stored);
  }

  /** The topic may have been made anew while nobody wrote to it: then no message tells. */
  private async lookAtTopic(): Promise<void> {
    const found = await this.opener.findRefused(this.assignment.partitions);
    for (const refusal of found) {
      const { _id: partition } = refusal.position;
      if (this.doubted.has(partition) && !this.refused.has(partition)) await this.refuse(refusal);
    }
    this.doubted = new Set(found.map(({ position }) => position._id));
  }

  private takeUp({ _id: partition, from }: PositionDocument): void {
    this.forget(partition);
    this.assignment.seek(partition, Math.max(from.offset, 0));
    this.resume.get(partition)?.();
    this.resume.delete(partition);
  }

  private forget(partition: number): void {
    this.refused.delete(partition);
    this.lost.delete(partition);
    this.open.delete(partition);
  }

  /** Forgets what it knew of partitions; positions are read anew, and seeks repeated. */
  private assigned(partitions: readonly number[], seek: Seek): void {
    this.assignment = { partitions, seek };
    this.open.clear();
    this.lost.clear();
    this.doubted = new Set();
    this.refused.clear();
    for (const resume of this.resume.values()) resume();
    this.resume.clear();
    this.compare(partitions, seek).catch((error: unknown) => {
      if (!this.stopped) this.logger.warn(`positions could not be compared yet: ${errorText(error)}`);
    });
  }

  private async compare(partitions: readonly number[], seek: Seek): Promise<void> {
    for (const [partition, offset] of await this.opener.findBehind(partitions, rawRecordsGroup)) {
      if (!this.stopped) seek(partition, Math.max(offset, 0));
    }
    for (const refusal of await this.opener.findRefused(partitions)) {
      if (!this.stopped) await this.refuse(refusal);
    }
  }

  private async stateOf(batch: MessageBatch, context: BatchContext): Promise<PartitionState | null> {
    const { partition } = batch;
    const first = batch.messages[0]!;
    const known = this.open.get(partition);
    // Offsets that begin again are those of another topic until the stored position says otherwise.
    if (known && first.offset > (this.readTo.get(partition) ?? -1)) return known;
    const { state, readFrom } = await this.opener.open(partition);
    this.open.set(partition, state);
    this.readTo.set(partition, readFrom - 1);
    if (standsAt(first, readFrom)) return state;
    context.seek(readFrom);
    return null;
  }

  private async refuse({ position, message }: PartitionRefused): Promise<void> {
    const { _id: partition } = position;
    if (await this.positions.refuse(position, message)) {
      this.refused.set(partition, message);
      this.logger.error(message, { partition });
      return;
    }
    // Somebody accepted the topic since the position was judged: what was refused is not stored any more.
    this.lost.add(partition);
    this.background.wake(PartitionsService);
  }
}

/** Whether a position is further along the way of another one, or on a way of its own. */
function isSameWay(known: PositionDocument, stored: PositionDocument): boolean {
  return known.epoch === stored.epoch && known.records === stored.records && known.offset <= stored.offset;
}
