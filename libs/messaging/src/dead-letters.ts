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

/** Code of a whole batch that could not be read, whatever the handler of its messages calls them. */
export const unreadableBatch = 'batch-not-readable';

/** A message of a page has less; somebody else's may be as large as its topic allows, and would not fit with its reason. */
const mostBytes = 1024 * 1024;
const mostKeyCharacters = 1024;

/** Parks messages that cannot be processed, with their reason, so that one of them never stops the rest (P5). */
export class DeadLetters {
  constructor(private readonly publisher: Publisher) {}

  async park(letters: readonly DeadLetter[]): Promise<void> {
    await this.publisher.publish(
      letters.map(({ topic, partition, group, message, code, reason }) => ({
        topic: deadLettersTopic,
        key: (message.key ?? '').slice(0, mostKeyCharacters),
        value: message.value?.subarray(0, mostBytes) ?? '',
        headers: {
          topic: topic.name,
          partition: String(partition),
          ...whyOf(message, code, reason),
          group,
          ...cutHeader(message.value),
        },
      })),
    );
  }
}

/** The bytes of an unreadable batch stay where they are, in the topic: a letter that repeats them may be too large. */
function whyOf({ unreadable, offset }: ConsumedMessage, code: string, reason: string): Record<string, string> {
  if (unreadable === undefined) return { offset: String(offset), code, reason };
  const { firstOffset, lastOffset } = unreadable;
  return {
    offset: String(firstOffset),
    lastOffset: String(lastOffset),
    code: unreadableBatch,
    reason: `the batch could not be read: ${unreadable.reason}`,
  };
}

function cutHeader(value: Buffer | null): { cut?: string } {
  return value !== null && value.length > mostBytes ? { cut: String(value.length) } : {};
}
