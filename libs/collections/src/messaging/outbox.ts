import { type ServiceName, serviceNames } from '@rollcall/contracts';

import { type CollectionDefinition, defineCollection } from '../define-collection.js';
import { date, number, oneOf, optional, text } from '../models/paths.js';

/** A message or command that must leave once its transaction is durable (F4, F6). */
export interface OutboxDocument {
  _id: string;
  /** Order of writing within the service: milliseconds and a counter. */
  order: string;
  kind: 'event' | 'command';
  topic: string;
  key: string;
  /** Exact bytes of an event; for a command its unsigned content, signed when it is sent. */
  value: string;
  /** Commands only: sent again with a new deadline until a result exists. */
  command: { owner: ServiceName; type: string; actor: string; correlationId: string } | null;
  notBefore: Date;
  attempts: number;
}

export function defineOutbox(owner: ServiceName): CollectionDefinition<OutboxDocument> {
  return defineCollection<OutboxDocument>({
    owner,
    name: 'outbox',
    published: false,
    paths: {
      _id: text,
      order: text,
      kind: oneOf('event', 'command'),
      topic: text,
      key: text,
      value: text,
      command: optional.part({ owner: oneOf(...serviceNames), type: text, actor: text, correlationId: text }),
      notBefore: date,
      attempts: number,
    },
    indexes: [{ key: { order: 1 } }],
  });
}
