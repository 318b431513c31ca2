import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { errorText } from '@rollcall/contracts';
import {
  type BatchContext,
  ConsumerHealth,
  KafkaConnection,
  Loop,
  type MessageBatch,
  type Seek,
  standsAt,
} from '@rollcall/messaging';
import { HealthRegistry, type Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

import { PositionLost, PositionsRepository } from '../positions/positions.repository.js';
import { PartitionOpener } from './partition-opener.js';
import { PartitionRefused, type PartitionState } from './partition-state.js';
import { PartitionWorker, rawRecordsGroup } from './partition-worker.js';

/** How soon a replica notices that a person accepted the topic through another one. */
const acceptanceIdleMs = 2_000;

/** Opens partitions from their stored positions, and refuses those it does not recognise. */
@Injectable()
export class PartitionsService implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly open = new Map<number, PartitionState>();
  private readonly refused = new Map<number, string>();
  private readonly resume = new Map<number, () => void>();
  private readonly acceptance: Loop;
  private stopped = false;

  constructor(
    @Inject(PartitionOpener) private readonly opener: PartitionOpener,
    @Inject(PartitionWorker) private readonly worker: PartitionWorker,
    @Inject(ConsumerHealth) private readonly consumers: ConsumerHealth,
    @Inject(KafkaConnection) private readonly kafka: KafkaConnection,
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
    @Inject(PositionsRepository) private readonly positions: PositionsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.acceptance = new Loop({
      name: 'acceptance of raw-records',
      idleMs: acceptanceIdleMs,
      logger,
      step: () => this.takeUpAccepted(),
    });
  }

  onModuleInit(): void {
    this.consumers.onAssigned(this.kafka.groupOf(rawRecordsGroup), (partitions, seek) =>
      this.assigned(partitions, seek),
    );
    this.health.add('raw-records', () => ({
      ok: this.refused.size === 0,
      detail: [...this.refused.values()][0] ?? 'positions fit the topic',
    }));
  }

  onApplicationBootstrap(): void {
    this.acceptance.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.acceptance.stop();
  }

  async consume(batch: MessageBatch, context: BatchContext): Promise<void> {
    const { partition } = batch;
    try {
      const state = await this.stateOf(batch, context);
      if (state) await this.worker.work(state, batch, context);
    } catch (error) {
      this.open.delete(partition);
      if (error instanceof PositionLost) {
        // Somebody else owns the partition now, or did for a while: start over from the stored position.
        this.logger.warn(error.message);
        return;
      }
      if (!(error instanceof PartitionRefused)) throw error;
      this.resume.set(partition, context.pause());
      await this.refuse(partition, error.message);
    }
  }

  /** Looks at once whether a person accepted the topic, through this replica or another. */
  lookForAcceptance(): void {
    this.acceptance.wake();
  }

  private async takeUpAccepted(): Promise<boolean> {
    if (this.refused.size === 0) return false;
    for (const position of await this.positions.all()) {
      if (position.refused === null && this.refused.has(position._id)) this.takeUp(position._id);
    }
    return false;
  }

  private takeUp(partition: number): void {
    this.refused.delete(partition);
    this.open.delete(partition);
    this.resume.get(partition)?.();
    this.resume.delete(partition);
  }

  /** Forgets what it knew of partitions; positions are read anew, and seeks repeated. */
  private assigned(partitions: readonly number[], seek: Seek): void {
    this.open.clear();
    for (const partition of [...this.refused.keys(), ...this.resume.keys()]) this.takeUp(partition);
    this.compare(partitions, seek).catch((error: unknown) => {
      if (!this.stopped) this.logger.warn(`positions could not be compared yet: ${errorText(error)}`);
    });
  }

  private async compare(partitions: readonly number[], seek: Seek): Promise<void> {
    for (const [partition, offset] of await this.opener.findBehind(partitions, rawRecordsGroup)) {
      if (!this.stopped) seek(partition, Math.max(offset, 0));
    }
    for (const [partition, message] of await this.opener.findRefused(partitions)) {
      if (!this.stopped) await this.refuse(partition, message);
    }
  }

  private async stateOf(batch: MessageBatch, context: BatchContext): Promise<PartitionState | null> {
    const known = this.open.get(batch.partition);
    if (known) return known;
    const { state, readFrom } = await this.opener.open(batch.partition);
    this.open.set(batch.partition, state);
    if (standsAt(batch.messages[0]!, readFrom)) return state;
    context.seek(readFrom);
    return null;
  }

  private async refuse(partition: number, message: string): Promise<void> {
    await this.positions.refuse(partition, message);
    this.refused.set(partition, message);
    this.logger.error(message, { partition });
  }
}
