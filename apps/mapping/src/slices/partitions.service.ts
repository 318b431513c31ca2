import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { errorText } from '@rollcall/contracts';
import { ConsumerHealth, KafkaConnection, type BatchContext, type MessageBatch } from '@rollcall/messaging';
import { HealthRegistry, type Logger } from '@rollcall/observability';
import { LOGGER } from '@rollcall/service';

import { PositionLost } from '../positions/positions.repository.js';
import { PartitionOpener } from './partition-opener.js';
import { PartitionRefused, type PartitionState } from './partition-state.js';
import { PartitionWorker, rawRecordsGroup } from './partition-worker.js';

/** Opens partitions from their stored positions, and refuses those it does not recognise. */
@Injectable()
export class PartitionsService implements OnModuleInit, OnApplicationShutdown {
  private readonly open = new Map<number, PartitionState>();
  private readonly refused = new Map<number, string>();
  private readonly resume = new Map<number, () => void>();
  private stopped = false;

  constructor(
    @Inject(PartitionOpener) private readonly opener: PartitionOpener,
    @Inject(PartitionWorker) private readonly worker: PartitionWorker,
    @Inject(ConsumerHealth) private readonly consumers: ConsumerHealth,
    @Inject(KafkaConnection) private readonly kafka: KafkaConnection,
    @Inject(HealthRegistry) private readonly health: HealthRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.consumers.onAssigned(this.kafka.groupOf(rawRecordsGroup), (partitions) => this.assigned(partitions));
    this.health.add('raw-records', () => ({
      ok: this.refused.size === 0,
      detail: [...this.refused.values()][0] ?? 'positions fit the topic',
    }));
  }

  onApplicationShutdown(): void {
    this.stopped = true;
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
      this.refuse(partition, error.message);
      this.resume.set(partition, context.pause());
    }
  }

  /** Takes refused partitions up again after a person accepted the topic. */
  takeUpAgain(): void {
    this.refused.clear();
    this.open.clear();
    for (const resume of this.resume.values()) resume();
    this.resume.clear();
  }

  refusedPartitions(): number[] {
    return [...this.refused.keys()];
  }

  /** Forgets what it knew of partitions; positions are read anew, and seeks repeated. */
  private assigned(partitions: readonly number[]): void {
    this.open.clear();
    this.refused.clear();
    this.opener.findRefused(partitions).then(
      (found) => {
        for (const [partition, message] of found) if (!this.stopped) this.refuse(partition, message);
      },
      (error: unknown) => {
        if (!this.stopped) this.logger.warn(`positions could not be compared yet: ${errorText(error)}`);
      },
    );
  }

  private async stateOf(batch: MessageBatch, context: BatchContext): Promise<PartitionState | null> {
    const known = this.open.get(batch.partition);
    if (known) return known;
    const { state, readFrom } = await this.opener.open(batch.partition);
    this.open.set(batch.partition, state);
    if (batch.messages[0]!.offset === readFrom) return state;
    context.seek(readFrom);
    return null;
  }

  private refuse(partition: number, message: string): void {
    this.refused.set(partition, message);
    this.logger.error(message, { partition });
  }
}
