import { type Contact, contactSchema } from '@rollcall/contracts';
import { z } from 'zod';

import { defineCollection } from '../define-collection.js';
import { date, fits, flag, number, oneOf, optional, text } from '../models/paths.js';

/** What notifier itself knows of an integration, so that a dead sync-runner is noticed (architecture 10). */
export interface WatchDocument {
  /** Integration id. */
  _id: string;
  name: string;
  state: 'draft' | 'active' | 'paused';
  version: number;
  contacts: Contact[];
  /** Next slot that must start. */
  expectedAt: Date | null;
  openRun: { id: string; startedAt: Date; overdueNoticed: boolean } | null;
  /** Incident that contacts know of and that has not recovered yet. */
  incident: { id: string; kind: string } | null;
}

export const watches = defineCollection<WatchDocument>({
  owner: 'notifier',
  name: 'watches',
  published: false,
  paths: {
    _id: text,
    name: text,
    state: oneOf('draft', 'active', 'paused'),
    version: number,
    contacts: fits(z.array(contactSchema)),
    expectedAt: optional.date,
    openRun: optional.part({ id: text, startedAt: date, overdueNoticed: flag }),
    incident: optional.part({ id: text, kind: text }),
  },
});
