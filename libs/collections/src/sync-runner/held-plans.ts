import { type HeldPlanRecord, heldPlanRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, recordPaths, text } from '../models/paths.js';

/** `HeldPlanRecord` with times that can be compared. */
export interface HeldPlanDocument extends Omit<HeldPlanRecord, 'id' | 'heldAt' | 'expiresAt'> {
  _id: string;
  heldAt: Date;
  expiresAt: Date;
}

export const heldPlans = defineCollection<HeldPlanDocument>({
  owner: 'sync-runner',
  name: 'heldPlans',
  published: true,
  paths: { _id: text, ...recordPaths(heldPlanRecordSchema), heldAt: date, expiresAt: date },
  indexes: [{ key: { integration: 1, heldAt: -1 } }, { key: { state: 1, expiresAt: 1 } }],
});
