import { type GuardSettings, guardSettingsSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { number, oneOf, recordPaths } from '../models/paths.js';

/** `GuardSettings`; every reservation of a sweep raises `reservations`, so that two cannot miss each other. */
export interface GuardSettingsDocument extends GuardSettings {
  _id: 'guard';
  reservations: number;
}

export const guardSettings = defineCollection<GuardSettingsDocument>({
  owner: 'sync-runner',
  name: 'guardSettings',
  published: true,
  paths: { _id: oneOf('guard'), ...recordPaths(guardSettingsSchema), reservations: number },
});
