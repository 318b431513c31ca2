import { type ServiceName, serviceNames } from '@rollcall/contracts';

import { defineCommandResults } from './command-results.js';
import { defineInbox } from './inbox.js';
import { defineLeases } from './leases.js';
import { defineOutbox } from './outbox.js';

const collectionsFor = (owner: ServiceName) => ({
  commandResults: defineCommandResults(owner),
  outbox: defineOutbox(owner),
  inbox: defineInbox(owner),
  leases: defineLeases(owner),
});

const byService = new Map(serviceNames.map((service) => [service, collectionsFor(service)]));

/** Collections that every service has for its own messaging. */
export function messagingCollections(service: ServiceName): ReturnType<typeof collectionsFor> {
  return byService.get(service)!;
}
