import type { TopicDefinition } from '@rollcall/contracts';

export interface OutgoingMessage {
  readonly topic: TopicDefinition;
  readonly key: string;
  readonly value: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only where the sender decides on the partition (raw-records); else the key does. */
  readonly partition?: number;
}
