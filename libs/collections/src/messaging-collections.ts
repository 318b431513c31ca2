import { type CommandResultDocument, type ServiceName, serviceNames } from '@rollcall/contracts';

import { type CollectionDefinition, days, defineCollection } from './define-collection.js';

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

/** Event ids that a consumer took; inserting twice fails, which is the deduplication (C6, C7). */
export interface InboxDocument {
  _id: string;
  at: Date;
}

export interface LeaseDocument {
  _id: string;
  holder: string;
  until: Date;
}

interface MessagingCollections {
  readonly commandResults: CollectionDefinition<CommandResultDocument>;
  readonly outbox: CollectionDefinition<OutboxDocument>;
  readonly inbox: CollectionDefinition<InboxDocument>;
  readonly leases: CollectionDefinition<LeaseDocument>;
}

/** How long a consumer knows an event again that it took. */
export const inboxDays = 8;

function collectionsFor(owner: ServiceName): MessagingCollections {
  return {
    commandResults: defineCollection<CommandResultDocument>({
      owner,
      name: 'commandResults',
      published: true,
      indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(1) } }],
    }),
    outbox: defineCollection<OutboxDocument>({
      owner,
      name: 'outbox',
      published: false,
      indexes: [{ key: { order: 1 } }],
    }),
    inbox: defineCollection<InboxDocument>({
      owner,
      name: 'inbox',
      published: false,
      indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(inboxDays) } }],
    }),
    leases: defineCollection<LeaseDocument>({ owner, name: 'leases', published: false }),
  };
}

const byService = new Map<ServiceName, MessagingCollections>(
  serviceNames.map((service) => [service, collectionsFor(service)]),
);

/** Collections that every service has for its own messaging. */
export function messagingCollections(service: ServiceName): MessagingCollections {
  return byService.get(service)!;
}
