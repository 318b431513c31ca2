import type { ConsumedMessage, MessageBatch, Refusal } from './batch-handler.js';
import type { MessageVerifier } from './message-verifier.js';

/** A fetched batch once it is known who wrote each message. */
export interface Received {
  /** What the handler gets. */
  readonly batch: MessageBatch;
  /** What the server parks before; emptied once that is done. */
  readonly toPark: (Refusal & { readonly message: ConsumedMessage })[];
  /** Offset of the last message fetched, or null when there is none. */
  readonly last: number | null;
  /** What is done with `offset`: refused messages behind the last one that the handler sees are done as well. */
  upTo(offset: number): number;
}

/** @param verifier null where the owner of the topic does not sign */
export function sortRefused(
  fetched: MessageBatch,
  verifier: MessageVerifier | null,
  refused: 'parked' | 'delivered',
): Received {
  const last = fetched.messages.at(-1)?.offset ?? null;
  const toPark: Received['toPark'] = [];
  const messages: ConsumedMessage[] = [];
  for (const message of fetched.messages) {
    const refusal = verifier?.refusalOf(fetched.partition, message) ?? null;
    if (refusal === null) messages.push(message);
    else if (refused === 'delivered') messages.push({ ...message, refusal });
    else toPark.push({ ...refusal, message });
  }
  const lastSeen = messages.at(-1)?.offset ?? null;
  return {
    batch: { ...fetched, messages },
    toPark,
    last,
    upTo: (offset) => (last !== null && (lastSeen === null || offset >= lastSeen) ? Math.max(offset, last) : offset),
  };
}
