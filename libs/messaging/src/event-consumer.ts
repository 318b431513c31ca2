import { AppError, type CloudEvent, cloudEventSchema } from '@rollcall/contracts';

import type { BatchContext, ConsumedMessage, MessageBatch } from './batch-handler.js';
import type { DeadLetters } from './dead-letters.js';

export interface EventBatchOptions {
  readonly group: string;
  readonly deadLetters: DeadLetters;
  /** Types that the consumer takes; others are passed over without being parsed further. */
  readonly types: ReadonlySet<string>;
  /** One event. Must be safe to repeat: a crash before the commit brings the event again. */
  readonly take: (event: CloudEvent) => Promise<void>;
}

/** Commit at least this often within a long batch, so that a crash repeats little. */
const commitEvery = 100;

/**
 * Walks a batch of CloudEvents in order. A message that is no CloudEvent, and an event whose handler throws an
 * `AppError` that no retry can cure, go to the dead letters; every other error is thrown, so the batch comes again.
 */
export async function consumeEvents(
  batch: MessageBatch,
  context: BatchContext,
  options: EventBatchOptions,
): Promise<void> {
  let last = -1;
  let sinceCommit = 0;
  for (const message of batch.messages) {
    if (!context.isCurrent()) break;
    await consumeOne(batch, message, options);
    last = message.offset;
    sinceCommit += 1;
    if (sinceCommit >= commitEvery) {
      await context.commit(last);
      sinceCommit = 0;
    }
  }
  if (sinceCommit > 0) await context.commit(last);
}

async function consumeOne(batch: MessageBatch, message: ConsumedMessage, options: EventBatchOptions): Promise<void> {
  const park = (code: string, reason: string) =>
    options.deadLetters.park([
      { topic: batch.topic, partition: batch.partition, group: options.group, message, code, reason },
    ]);
  const event = decodeEvent(message);
  if (!event) return park('not-an-event', 'the value is not a CloudEvent in structured JSON mode');
  if (!options.types.has(event.type)) return;
  try {
    await options.take(event);
  } catch (error) {
    if (!(error instanceof AppError) || error.retriable) throw error;
    await park(error.code, error.message);
  }
}

/** The event in a message, or null when the bytes are none. Data is not checked here. */
export function decodeEvent(message: ConsumedMessage): CloudEvent | null {
  if (message.value === null) return null;
  try {
    const parsed = cloudEventSchema.safeParse(JSON.parse(message.value.toString('utf8')));
    return parsed.success ? (parsed.data as CloudEvent) : null;
  } catch {
    return null;
  }
}
