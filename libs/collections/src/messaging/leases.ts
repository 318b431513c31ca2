import type { ServiceName } from '@rollcall/contracts';

import { type CollectionDefinition, defineCollection } from '../define-collection.js';
import { date, text } from '../models/paths.js';

export interface LeaseDocument {
  _id: string;
  holder: string;
  until: Date;
}

export function defineLeases(owner: ServiceName): CollectionDefinition<LeaseDocument> {
  return defineCollection<LeaseDocument>({
    owner,
    name: 'leases',
    published: false,
    paths: { _id: text, holder: text, until: date },
  });
}
