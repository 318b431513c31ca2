import { EventPattern } from '@nestjs/microservices';
import type { TopicDefinition } from '@rollcall/contracts';

import type { UnreadableRange } from './record-batches/record-batch.js';

/** A consumer group on one topic. The group is named `<service>.<purpose>`. */
export interface BatchSubscription {
  readonly topic: TopicDefinition;
  readonly group: string;
  /** Partitions worked on at once in this process. */
  readonly concurrency?: number;
  /** Most bytes fetched per partition and request; bounds memory (I13). */
  readonly maxBytesPerPartition?: number;
  /**
   * What becomes of a message that the owner of the topic did not sign. By default the server parks it, and the handler
   * never sees it. `delivered` is for a handler that accounts for every offset: it gets the message with its `refusal`,
   * parks it and passes over it.
   */
  readonly refused?: 'parked' | 'delivered';
}

/** Why nobody may act on a message: code and reason of its dead letter. */
export interface Refusal {
  readonly code: string;
  /** Says what happened and what to do, and holds no value of the message. */
  readonly reason: string;
}

export interface ConsumedMessage {
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Set where the broker's batch could not be read: one message without value stands for all of its messages. Handlers
   * treat it like any other that is none, and `DeadLetters` says the reason.
   */
  readonly unreadable?: UnreadableRange;
  /** Set only where the subscription asked for refused messages: it must change nothing. */
  readonly refusal?: Refusal;
}

/** Whether a message stands at `offset`, or for it: one message stands for a whole batch that could not be read. */
export const standsAt = ({ offset, unreadable }: ConsumedMessage, wanted: number): boolean =>
  unreadable === undefined ? offset === wanted : unreadable.firstOffset <= wanted && wanted <= unreadable.lastOffset;

export interface MessageBatch {
  readonly topic: TopicDefinition;
  readonly partition: number;
  readonly messages: readonly ConsumedMessage[];
}

export interface BatchContext {
  /** False once the process stops, the partition moved away, or a seek made the batch useless. */
  isCurrent(): boolean;
  /** Marks everything up to and including `offset` as done and commits it. Call after the effect is durable (I8). */
  commit(offset: number): Promise<void>;
  /** Reads on from `offset`; the rest of this batch must be left alone. */
  seek(offset: number): void;
  /** Stops fetching this partition until `resume`. */
  pause(): () => void;
}

/** A handler does the whole batch, or throws to be given it again after a pause. */
export type BatchHandlerMethod = (batch: MessageBatch, context: BatchContext) => Promise<void>;

/** What Nest hands back instead of a throw, because it would replace the error by "Internal server error". */
export interface BatchOutcome {
  readonly error: unknown;
}

/** Nest hands a handler one argument. */
export interface BatchDelivery {
  readonly batch: MessageBatch;
  readonly context: BatchContext;
}

/** Makes a controller method the batch handler of a subscription of `BatchServer`. */
export function BatchHandler(subscription: BatchSubscription) {
  return (target: object, property: string | symbol, descriptor: TypedPropertyDescriptor<BatchHandlerMethod>): void => {
    const method = descriptor.value!;
    const settled = async function (this: unknown, { batch, context }: BatchDelivery) {
      try {
        await method.call(this, batch, context);
        return undefined;
      } catch (error) {
        return { error } satisfies BatchOutcome;
      }
    };
    (descriptor as PropertyDescriptor).value = settled;
    EventPattern<string>(subscription.group, { subscription })(target, property, descriptor as PropertyDescriptor);
  };
}
