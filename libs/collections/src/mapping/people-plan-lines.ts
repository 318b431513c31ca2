import { type PeoplePlanLine, peoplePlanLineSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, recordPaths, text } from '../models/paths.js';

export interface PeoplePlanLineDocument extends PeoplePlanLine {
  /** `<plan>/<number, 7 digits>`. */
  _id: string;
  plan: string;
  at: Date;
}

export const peoplePlanLines = defineCollection<PeoplePlanLineDocument>({
  owner: 'mapping',
  name: 'peoplePlanLines',
  published: true,
  paths: { _id: text, ...recordPaths(peoplePlanLineSchema), plan: text, at: date },
  indexes: [{ key: { plan: 1, number: 1 }, options: { unique: true } }],
});
