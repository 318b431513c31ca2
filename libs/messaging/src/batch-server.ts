import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
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
import type { KafkaConnection } from './kafka-connection.js';
import { waitForTopic } from './topic-admin.js';

export interface BatchServerOptions {
  readonly connection: KafkaConnection;
  readonly health: ConsumerHealth;
  /** A consumer crashed for good: the process must end, or it stays alive but deaf. */
  readonly onFatal: (error: Error) => void;
}

/** How long a killed member keeps its partitions; heartbeats go on beside the work, so it may be short. */
const sessionTimeoutMs = 10_000;
const heartbeatIntervalMs = 2_000;
const firstPauseMs = 200;
const longestPauseMs = 10_000;

/**
 * Kafka transport on `eachBatch`. Nest's own is message by message, commits what it has no handler for, and turns a
 * poison message into an endless rebalance. Here a handler gets a whole fetched batch of one partition; a throw is
 * retried with a growing pause while heartbeats go on, so that an outage of MongoDB costs no rebalance.
 */
export class BatchServer extends Server implements CustomTransportStrategy {
  private readonly consumers: Consumer[] = [];
  private readonly stopping = new AbortController();
  private readonly active = new Set<Promise<void>>();

  constructor(private readonly options: BatchServerOptions) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Lets running handlers finish their slice, then leaves the groups. */
  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.active);
    await Promise.all(this.consumers.map((consumer) => consumer.disconnect()));
  }

  override on(): never {
    throw new Error('listen to consumer health instead');
  }

  override unwrap<T>(): T {
    return this.consumers as T;
  }

  private async start(): Promise<void> {
    const handlers = [...this.messageHandlers.values()];
    await Promise.all(handlers.map((handler) => this.subscribe(handler)));
  }

  private async subscribe(handler: MessageHandler): Promise<void> {
    const { subscription } = handler.extras as { subscription: BatchSubscription };
    const { connection, health } = this.options;
    const group = connection.groupOf(subscription.group);
    const consumer = connection.kafka.consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      maxBytesPerPartition: subscription.maxBytesPerPartition ?? 1_048_576,
      maxBytes: 8_388_608,
      // An idle member learns of a rebalance only when its fetch returns.
      maxWaitTimeInMs: 500,
      retry: { initialRetryTime: 100, retries: 8 },
    });
    this.consumers.push(consumer);
    this.watch(consumer, subscription, group);
    await waitForTopic(connection, subscription.topic);
    await consumer.connect();
    await consumer.subscribe({ topic: connection.nameOf(subscription.topic.name), fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: subscription.concurrency ?? 3,
      eachBatch: (payload) => this.track(this.consume(handler, subscription, consumer, payload)),
    });
    health.started(group);
  }

  private watch(consumer: Consumer, subscription: BatchSubscription, group: string): void {
    const { health, connection, onFatal } = this.options;
    const topic = connection.nameOf(subscription.topic.name);
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      health.joined(group, payload.memberAssignment[topic] ?? [], (partition, offset) =>
        consumer.seek({ topic, partition, offset: String(offset) }),
      );
    });
    consumer.on(consumer.events.HEARTBEAT, () => health.alive(group));
    consumer.on(consumer.events.FETCH, () => health.alive(group));
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (payload.restart) return;
      health.crashed(group, payload.error.message);
      onFatal(new Error(`consumer ${group} stopped for good: ${payload.error.message}`));
    });
  }

  private async track(work: Promise<void>): Promise<void> {
    this.active.add(work);
    try {
      await work;
    } finally {
      this.active.delete(work);
    }
  }

  private async consume(
    handler: MessageHandler,
    subscription: BatchSubscription,
    consumer: Consumer,
    payload: EachBatchPayload,
  ): Promise<void> {
    const { health, connection } = this.options;
    const group = connection.groupOf(subscription.group);
    const beat = this.keepAlive(payload);
    const context = this.contextOf(consumer, payload, () => beat.isLost());
    const batch: MessageBatch = {
      topic: subscription.topic,
      partition: payload.batch.partition,
      messages: payload.batch.messages.map(toConsumed),
    };
    try {
      for (let pauseMs = firstPauseMs; context.isCurrent(); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        const outcome = (await handler({ batch, context } satisfies BatchDelivery)) as BatchOutcome | undefined;
        if (!outcome) return health.recovered(group, batch.partition);
        const text = outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
        health.failing(group, batch.partition, text);
        connection.logger.error(`batch of ${group}/${batch.partition} failed, tried again in ${pauseMs} ms: ${text}`, {
          stack: outcome.error instanceof Error ? outcome.error.stack : undefined,
        });
        await wait(pauseMs, this.stopping.signal);
      }
    } finally {
      beat.stop();
    }
  }

  private contextOf(consumer: Consumer, payload: EachBatchPayload, isLost: () => boolean): BatchContext {
    const { topic, partition } = payload.batch;
    let moved = false;
    return {
      isCurrent: () =>
        !moved && !isLost() && payload.isRunning() && !payload.isStale() && !this.stopping.signal.aborted,
      commit: async (offset) => {
        payload.resolveOffset(String(offset));
        await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
      },
      seek: (offset) => {
        moved = true;
        consumer.seek({ topic, partition, offset: String(offset) });
      },
      pause: () => {
        moved = true;
        consumer.pause([{ topic, partitions: [partition] }]);
        return () => consumer.resume([{ topic, partitions: [partition] }]);
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
    }, heartbeatIntervalMs);
    return { stop: () => clearInterval(timer), isLost: () => lost };
  }
}

function toConsumed(message: KafkaMessage): ConsumedMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    if (value !== undefined) headers[name] = String(Array.isArray(value) ? value[0] : value);
  }
  return {
    offset: Number(message.offset),
    key: message.key === null ? null : message.key.toString('utf8'),
    value: message.value,
    headers,
  };
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish, { once: true });
  });
}
