import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';

import { BatchConsumer } from './batch-consumer.js';
import type { BatchDelivery, BatchOutcome, BatchSubscription } from './batch-handler.js';
import type { ConsumerHealth } from './consumer-health.js';
import type { DeadLetters } from './dead-letters.js';
import type { KafkaConnection } from './kafka-connection.js';
import { MessageVerifier } from './message-verifier.js';
import type { ServiceSigning } from './service-signing.js';

export interface BatchServerOptions {
  readonly connection: KafkaConnection;
  readonly health: ConsumerHealth;
  readonly signing: ServiceSigning;
  readonly deadLetters: DeadLetters;
  /** A broker refuses a consumer for good: the process must end, or it stays alive but deaf. */
  readonly onFatal: (error: Error) => void;
}

/**
 * Kafka transport on `eachBatch`. Nest's own is message by message, commits what it has no handler for, and turns a
 * poison message into an endless rebalance. Here a handler gets a whole fetched batch of one partition; a throw is
 * retried with a growing pause while heartbeats go on, so that an outage of MongoDB costs no rebalance.
 * Messages of a topic whose owner signs reach a handler only with the owner's signature.
 */
export class BatchServer extends Server implements CustomTransportStrategy {
  private consumers: BatchConsumer[] = [];

  constructor(private readonly options: BatchServerOptions) {
    super();
  }

  /** Calls back when every consumer has joined its group, however long the broker takes to let them. */
  listen(callback: (error?: unknown) => void): void {
    try {
      this.consumers = [...this.messageHandlers.values()].map((handler) => this.consumerOf(handler));
    } catch (error) {
      callback(error);
      return;
    }
    Promise.all(this.consumers.map((consumer) => consumer.start())).then(() => callback(), callback);
  }

  /** Lets running handlers finish their slice, then leaves the groups. */
  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }

  override on(): never {
    throw new Error('listen to consumer health instead');
  }

  override unwrap<T>(): T {
    return this.consumers as T;
  }

  private consumerOf(handler: MessageHandler): BatchConsumer {
    const { subscription } = handler.extras as { subscription: BatchSubscription };
    const handle = async (delivery: BatchDelivery) => (await handler(delivery)) as BatchOutcome | undefined;
    return new BatchConsumer({ ...this.options, subscription, verifier: this.verifierOf(subscription), handle });
  }

  /** Without the owner's key every message would be refused: better not to begin. */
  private verifierOf({ topic }: BatchSubscription): MessageVerifier | null {
    if (topic.signed !== 'owner') return null;
    const { signing, connection } = this.options;
    if (signing.knows(topic.owner)) return new MessageVerifier(topic, connection.nameOf(topic.name), signing);
    throw new Error(
      `the public key of ${topic.owner} is missing, which signs ${topic.name}. Copy ${topic.owner}.pub.pem into the ` +
        'directory public of the key directory (ROLLCALL_KEYS_DIR), then start again',
    );
  }
}
