import type { Consumer } from 'kafkajs';

import type { BatchDelivery, BatchOutcome, BatchSubscription } from './batch-handler.js';
import { BatchWork } from './batch-work.js';
import type { ConsumerHealth } from './consumer-health.js';
import type { DeadLetters } from './dead-letters.js';
import type { KafkaConnection } from './kafka-connection.js';
import { isHopeless, kafkaErrorText } from './kafka-errors.js';
import type { MessageVerifier } from './message-verifier.js';
import { waitForTopic } from './topic-admin.js';
import { wait } from './wait.js';

export interface BatchConsumerOptions {
  readonly connection: KafkaConnection;
  readonly health: ConsumerHealth;
  readonly subscription: BatchSubscription;
  /** Null where the topic's messages are not signed by its owner. */
  readonly verifier: MessageVerifier | null;
  readonly deadLetters: DeadLetters;
  readonly handle: (delivery: BatchDelivery) => Promise<BatchOutcome | undefined>;
  /** The broker refuses us for a reason that no waiting cures: the process must end, or it stays alive but deaf. */
  readonly onFatal: (error: Error) => void;
}

/** How long a killed member keeps its partitions; heartbeats go on beside the work, so it may be short. */
const sessionTimeoutMs = 10_000;
const heartbeatIntervalMs = 2_000;
const pausesMs = { first: 500, longest: 5_000 };
/** Who consumed for so long may try again at once. */
const steadyAfterMs = 60_000;
/** Longer than a rebalance takes, during which nothing is heard either. */
const silenceLimitMs = 90_000;
const lookForSilenceEveryMs = 10_000;
const disconnectLimitMs = 5_000;

/**
 * One consumer of one group, made anew for as long as it takes: kafkajs gives up on a broker that still loads its
 * coordinators, on a topic that is being recreated, and on whatever it did not expect (ADR 0017).
 */
export class BatchConsumer {
  private readonly stopping = new AbortController();
  private readonly group: string;
  private consuming: Promise<void> = Promise.resolve();

  constructor(private readonly options: BatchConsumerOptions) {
    this.group = options.connection.groupOf(options.subscription.group);
    options.health.expect(this.group);
  }

  /** Resolves when it consumes for the first time, and when it never will: the process ends then. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.consuming = this.consume(resolve).finally(resolve);
    });
  }

  /** Lets running handlers finish their slice, then leaves the group. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.consuming;
  }

  private async consume(onJoined: () => void): Promise<void> {
    const { connection, health, onFatal } = this.options;
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      const beganAt = performance.now();
      const error = await new ConsumerLife(this.options, signal, onJoined).live();
      if (signal.aborted) return;
      const reason = kafkaErrorText(error);
      if (isHopeless(error)) {
        health.crashed(this.group, reason);
        return onFatal(new Error(`consumer ${this.group} stopped for good: ${reason}`));
      }
      failures = performance.now() - beganAt > steadyAfterMs ? 0 : failures + 1;
      const pauseMs = Math.min(pausesMs.first * 2 ** failures, pausesMs.longest) * (0.8 + 0.4 * Math.random());
      health.away(this.group, `${reason}; it is tried again`);
      connection.logger.warn(`consumer ${this.group} stopped and is made again: ${reason}`);
      await wait(pauseMs, signal);
    }
  }
}

/** One consumer of kafkajs, from its first connection to its end. */
class ConsumerLife {
  private readonly consumer: Consumer;
  private readonly work: BatchWork;
  private readonly group: string;
  private readonly topic: string;
  private lastSignAt = performance.now();

  constructor(
    private readonly options: BatchConsumerOptions,
    private readonly stopping: AbortSignal,
    private readonly onJoined: () => void,
  ) {
    const { connection, subscription, verifier, deadLetters, health, handle } = options;
    this.group = connection.groupOf(subscription.group);
    this.topic = connection.nameOf(subscription.topic.name);
    this.consumer = connection.kafka.consumer({
      groupId: this.group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatIntervalMs,
      maxBytesPerPartition: subscription.maxBytesPerPartition ?? 1_048_576,
      maxBytes: 8_388_608,
      // An idle member learns of a rebalance only when its fetch returns.
      maxWaitTimeInMs: 500,
      // Nobody of us writes in transactions. Whoever opens one must not hide from us what is written behind it.
      readUncommitted: true,
      // Long pauses would outlast the outage that they wait for. The one who decides about a new start is above.
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 8, restartOnFailure: async () => false },
    });
    this.work = new BatchWork({
      consumer: this.consumer,
      subscription,
      verifier,
      deadLetters,
      health,
      handle,
      connection,
      stopping,
      heartbeatIntervalMs,
    });
  }

  /** Resolves with the reason when it has ended and nothing of it runs any more. Never rejects. */
  async live(): Promise<unknown> {
    let silence: NodeJS.Timeout | undefined;
    const over = new AbortController();
    const ended = new Promise<unknown>((resolve) => {
      this.consumer.on(this.consumer.events.CRASH, ({ payload }) => resolve(payload.error));
      this.stopping.addEventListener('abort', () => resolve(null), { signal: over.signal });
      silence = setInterval(() => {
        if (performance.now() - this.lastSignAt > silenceLimitMs)
          resolve(new Error('nothing was heard of it for long'));
      }, lookForSilenceEveryMs).unref();
    });
    this.watch();
    try {
      const begun = this.begin().then(
        () => ended,
        (error: unknown) => error,
      );
      return await Promise.race([begun, ended]);
    } finally {
      clearInterval(silence);
      over.abort();
      await this.dispose();
    }
  }

  private async begin(): Promise<void> {
    const { connection, subscription } = this.options;
    await waitForTopic(connection, subscription.topic, this.stopping);
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: this.topic, fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: subscription.concurrency ?? 3,
      eachBatch: (payload) => this.work.take(payload),
    });
  }

  private watch(): void {
    const { health, connection } = this.options;
    const { events } = this.consumer;
    const hear = () => {
      this.lastSignAt = performance.now();
      health.alive(this.group);
    };
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      hear();
      health.joined(this.group, payload.memberAssignment[this.topic] ?? [], (partition, offset) =>
        this.work.seek(partition, offset),
      );
      this.onJoined();
    });
    this.consumer.on(events.HEARTBEAT, hear);
    this.consumer.on(events.FETCH, hear);
    this.consumer.on(events.REQUEST, () => connection.reachability.answered());
  }

  /** kafkajs may wait for ever for an answer that a broken connection cannot bring. */
  private async dispose(): Promise<void> {
    await this.work.finish();
    const limit = new AbortController();
    await Promise.race([
      this.consumer.disconnect().catch(() => undefined),
      wait(disconnectLimitMs, limit.signal),
    ]).finally(() => limit.abort());
  }
}
