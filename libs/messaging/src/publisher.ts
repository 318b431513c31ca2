import { setTimeout as sleep } from 'node:timers/promises';

import { Partitioners, type Producer, type TopicMessages } from 'kafkajs';

import { batchTooLarge } from './batch-too-large.js';
import type { KafkaConnection } from './kafka-connection.js';
import { isTooLarge } from './kafka-errors.js';
import { MessageSigner } from './message-signer.js';
import type { OutgoingMessage } from './outgoing-message.js';
import type { ServiceSigning } from './service-signing.js';

interface Pending {
  readonly messages: readonly OutgoingMessage[];
  readonly bytes: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** Most bytes of one produce request; several callers share one. */
const requestBytes = 2 * 1024 * 1024;
const closeLimitMs = 10_000;
const disconnectLimitMs = 5_000;

/** Cuts a long list so that no request outgrows what a broker accepts. */
function* partsOf(messages: readonly OutgoingMessage[]): Generator<{ messages: OutgoingMessage[]; bytes: number }> {
  let part: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (part.length > 0 && bytes + message.value.length > requestBytes) {
      yield { messages: part, bytes };
      part = [];
      bytes = 0;
    }
    part.push(message);
    bytes += message.value.length;
  }
  yield { messages: part, bytes };
}

/**
 * Publishes in order and waits for all replicas. An idempotent kafkajs producer must have one awaited send at a time,
 * so callers queue here and whatever queued up meanwhile goes out as one request. Messages of one caller keep their
 * order; callers are served first come, first served.
 */
export class Publisher {
  private producer: Producer | null = null;
  private queue: Pending[] = [];
  private sending: Promise<void> | null = null;

  private readonly signer: MessageSigner;

  /** @param signing needed for topics whose owner signs; without it nothing can be published there */
  constructor(
    private readonly connection: KafkaConnection,
    signing: ServiceSigning | null = null,
  ) {
    this.signer = new MessageSigner(signing, (topic) => connection.nameOf(topic));
  }

  async connect(): Promise<void> {
    this.producer ??= await this.connectProducer();
  }

  /** Resolves when the broker acknowledged every message, throws when it did not. */
  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const parts = [...partsOf(this.signer.sign(messages))].map((part) => this.enqueue(part));
    this.sending ??= this.drain().finally(() => {
      this.sending = null;
    });
    await Promise.all(parts);
  }

  private enqueue(part: { messages: readonly OutgoingMessage[]; bytes: number }): Promise<void> {
    return new Promise((resolve, reject) => this.queue.push({ ...part, resolve, reject }));
  }

  /** Gives what is being sent ten seconds; an unreachable broker must not keep a process from ending. */
  async close(): Promise<void> {
    await Promise.race([this.sending, sleep(closeLimitMs, undefined, { ref: false })]);
    await this.discardProducer();
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) await this.deliver(this.takeBatch());
  }

  private async deliver(batch: readonly Pending[]): Promise<void> {
    try {
      this.producer ??= await this.connectProducer();
      await this.producer.sendBatch({ acks: -1, topicMessages: this.group(batch) });
      for (const pending of batch) pending.resolve();
    } catch (error) {
      // The sequence of an idempotent producer is in doubt after an error: the next send starts with a new one.
      await this.discardProducer();
      // Callers only share a request: what was too large together may pass one by one, and blames nobody else then.
      if (isTooLarge(error) && batch.length > 1) for (const pending of batch) await this.deliver([pending]);
      else await this.reject(batch, error);
    }
  }

  private async reject(batch: readonly Pending[], error: unknown): Promise<void> {
    const told = isTooLarge(error)
      ? await batchTooLarge(
          this.connection,
          batch.flatMap(({ messages }) => messages),
          error,
        )
      : error;
    for (const pending of batch) pending.reject(told);
  }

  private takeBatch(): Pending[] {
    let bytes = 0;
    let count = 0;
    for (const pending of this.queue) {
      if (count > 0 && bytes + pending.bytes > requestBytes) break;
      bytes += pending.bytes;
      count += 1;
    }
    return this.queue.splice(0, count);
  }

  private group(batch: readonly Pending[]): TopicMessages[] {
    const byTopic = new Map<string, TopicMessages>();
    for (const { messages } of batch) {
      for (const { topic, key, value, headers, partition } of messages) {
        const name = this.connection.nameOf(topic.name);
        let entry = byTopic.get(name);
        if (!entry) byTopic.set(name, (entry = { topic: name, messages: [] }));
        entry.messages.push({
          key,
          value,
          ...(headers && { headers }),
          ...(partition !== undefined && { partition }),
        });
      }
    }
    return [...byTopic.values()];
  }

  private async connectProducer(): Promise<Producer> {
    const producer = this.connection.kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      // Set explicitly: a silent downgrade would lose the guarantee (P1).
      idempotent: true,
      maxInFlightRequests: 1,
      // kafkajs keeps the sequence only while it retries by itself, so it must not give up.
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: Number.MAX_SAFE_INTEGER },
    });
    await producer.connect();
    return producer;
  }

  private async discardProducer(): Promise<void> {
    const producer = this.producer;
    this.producer = null;
    // kafkajs may wait for ever for an answer that a broken connection cannot bring.
    const late = sleep(disconnectLimitMs, 'no answer', { ref: false });
    const failure = await Promise.race([producer?.disconnect().then(() => null, String), late]);
    if (failure) this.connection.logger.debug(`kafka: old producer did not close: ${failure}`);
  }
}
