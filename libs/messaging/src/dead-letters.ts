import { deadLettersTopic, type TopicDefinition } from '@rollcall/contracts';

import type { ConsumedMessage } from './batch-handler.js';
import type { Publisher } from './publisher.js';

export interface DeadLetter {
  readonly topic: TopicDefinition;
  readonly partition: number;
  readonly group: string;
  readonly message: ConsumedMessage;
  /** Closed code and a sentence that holds no value of the message. */
  readonly code: string;
  readonly reason: string;
}

/** Parks messages that cannot be processed, with their reason, so that one of them never stops the rest (P5). */
export class DeadLetters {
  constructor(private readonly publisher: Publisher) {}

  async park(letters: readonly DeadLetter[]): Promise<void> {
    await this.publisher.publish(
      letters.map(({ topic, partition, group, message, code, reason }) => ({
        topic: deadLettersTopic,
        key: message.key ?? '',
        value: message.value ?? '',
        headers: {
          topic: topic.name,
          partition: String(partition),
          offset: String(message.offset),
          code,
          reason,
          group,
        },
      })),
    );
  }
}
