import type { ServiceName } from '@rollcall/contracts';

import { type CollectionDefinition, days, defineCollection } from '../define-collection.js';
import { date, text } from '../models/paths.js';

/** Event ids that a consumer took; inserting twice fails, which is the deduplication (C6, C7). */
export interface InboxDocument {
  _id: string;
  at: Date;
}

/** How long a consumer knows an event again that it took. */
export const inboxDays = 8;

export function defineInbox(owner: ServiceName): CollectionDefinition<InboxDocument> {
  return defineCollection<InboxDocument>({
    owner,
    name: 'inbox',
    published: false,
    paths: { _id: text, at: date },
    indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(inboxDays) } }],
  });
}
