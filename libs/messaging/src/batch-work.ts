import type { Consumer, EachBatchPayload, KafkaMessage } from 'kafkajs';

import type {
  BatchContext,
  BatchDelivery,
  BatchOutcome,
  BatchSubscription,
  ConsumedMessage,
  MessageBatch,
} from './batch-handler.js';
import type { ConsumerHealth } from './consumer-health.js';
import type { DeadLetters } from './dead-letters.js';
import type { KafkaConnection } from './kafka-connection.js';
import type { MessageVerifier } from './message-verifier.js';
import { type Received, sortRefused } from './received-batch.js';
import type { FetchedRecord } from './record-batches/record-batch.js';
import { shownReason } from './shown-reason.js';
import { wait } from './wait.js';

export interface BatchWorkOptions {
  readonly consumer: Consumer;
  readonly connection: KafkaConnection;
  readonly health: ConsumerHealth;
  readonly subscription: BatchSubscription;
  readonly verifier: MessageVerifier | null;
  readonly deadLetters: DeadLetters;
  readonly handle: (delivery: BatchDelivery) => Promise<BatchOutcome | undefined>;
  readonly stopping: AbortSignal;
  readonly heartbeatIntervalMs: number;
}

const firstPauseMs = 200;
const longestPauseMs = 10_000;

/** The batches of one consumer on their way through the handler. */
export class BatchWork {
  private readonly active = new Set<Promise<void>>();
  private readonly group: string;
  private readonly topic: string;
  private isOver = false;

  constructor(private readonly options: BatchWorkOptions) {
    const { connection, subscription } = options;
    this.group = connection.groupOf(subscription.group);
    this.topic = connection.nameOf(subscription.topic.name);
  }

  async take(payload: EachBatchPayload): Promise<void> {
    const work = this.consume(payload);
    this.active.add(work);
    try {
      await work;
    } finally {
      this.active.delete(work);
    }
  }

  /** No batch is current any more; resolves when the handlers have noticed. */
  async finish(): Promise<void> {
    this.isOver = true;
    await Promise.allSettled(this.active);
  }

  seek(partition: number, offset: number): void {
    // kafkajs throws where the consumer has ended, and a new one reads from the committed offset anyway.
    if (!this.isOver) this.options.consumer.seek({ topic: this.topic, partition, offset: String(offset) });
  }

  private async consume(payload: EachBatchPayload): Promise<void> {
    const { health, connection, subscription, verifier, stopping } = this.options;
    const { group } = this;
    const beat = this.keepAlive(payload);
    const batch: MessageBatch = {
      topic: subscription.topic,
      partition: payload.batch.partition,
      messages: payload.batch.messages.map(toConsumed),
    };
    this.tellUnreadable(batch);
    const received = sortRefused(batch, verifier, subscription.refused ?? 'parked');
    const context = this.contextOf(payload, received, () => beat.isLost());
    try {
      for (let pauseMs = firstPauseMs; context.isCurrent(); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        const outcome = await this.deliver(received, context);
        if (!outcome) return health.recovered(group, batch.partition);
        const text = outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
        health.failing(group, batch.partition, shownReason(outcome.error));
        connection.logger.error(`batch of ${group}/${batch.partition} failed, tried again in ${pauseMs} ms: ${text}`, {
          stack: outcome.error instanceof Error ? outcome.error.stack : undefined,
        });
        await wait(pauseMs, stopping);
      }
    } finally {
      beat.stop();
    }
  }

  private async deliver(received: Received, context: BatchContext): Promise<BatchOutcome | undefined> {
    try {
      await this.parkRefused(received, context);
    } catch (error) {
      return { error };
    }
    const { batch } = received;
    return batch.messages.length === 0 ? undefined : this.options.handle({ batch, context });
  }

  /** Parked before the rest is worked on, so that what is committed is done. */
  private async parkRefused(
    { batch: { topic, partition, messages }, toPark, last }: Received,
    context: BatchContext,
  ): Promise<void> {
    if (toPark.length === 0) return;
    const { connection, deadLetters, subscription } = this.options;
    const { group } = subscription;
    connection.logger.warn(`messages refused: ${toPark.length}. ${toPark[0]!.reason}`, { partition });
    await deadLetters.park(toPark.map((refused) => ({ ...refused, topic, partition, group })));
    if (messages.length === 0 && last !== null) await context.commit(last);
    // Parked once, however often the handler is tried.
    toPark.length = 0;
  }

  private tellUnreadable({ partition, messages }: MessageBatch): void {
    for (const { unreadable } of messages) {
      if (unreadable === undefined) continue;
      const { firstOffset, lastOffset, reason } = unreadable;
      this.options.connection.logger.error(
        `messages ${firstOffset} to ${lastOffset} of ${this.topic}/${partition} cannot be read and are skipped: ${reason}`,
        { group: this.group },
      );
    }
  }

  private contextOf(payload: EachBatchPayload, received: Received, isLost: () => boolean): BatchContext {
    const { consumer, stopping } = this.options;
    const { topic, partition } = payload.batch;
    let moved = false;
    return {
      isCurrent: () =>
        !moved && !this.isOver && !isLost() && payload.isRunning() && !payload.isStale() && !stopping.aborted,
      commit: async (offset) => {
        payload.resolveOffset(String(received.upTo(offset)));
        await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
      },
      seek: (offset) => {
        moved = true;
        this.seek(partition, offset);
      },
      pause: () => {
        moved = true;
        consumer.pause([{ topic, partitions: [partition] }]);
        return () => {
          if (!this.isOver) consumer.resume([{ topic, partitions: [partition] }]);
        };
      },
    };
  }

  /** Heartbeats beside long work. A refused one means that the partition moved: the handler sees it as not current. */
  private keepAlive(payload: EachBatchPayload): { stop(): void; isLost(): boolean } {
    let lost = false;
    const timer = setInterval(() => {
      payload.heartbeat().catch(() => {
        lost = true;
      });
    }, this.options.heartbeatIntervalMs);
    return { stop: () => clearInterval(timer), isLost: () => lost };
  }
}

function toConsumed(message: KafkaMessage & Pick<FetchedRecord, 'unreadable'>): ConsumedMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (value !== undefined && value !== null) headers[name] = String(Array.isArray(value) ? value[0] : value);
  }
  return {
    offset: Number(message.offset),
    key: message.key === null ? null : message.key.toString('utf8'),
    value: message.value,
    headers,
    ...(message.unreadable && { unreadable: message.unreadable }),
  };
}
