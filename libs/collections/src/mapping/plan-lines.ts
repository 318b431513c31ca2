import { type PlanLine, planLineSchema } from '@rollcall/contracts';

import { days, defineCollection } from '../define-collection.js';
import { date, oneOf, optional, recordPaths, text } from '../models/paths.js';

export interface PlanLineDocument extends PlanLine {
  /** `<run>/<number, 7 digits>`. */
  _id: string;
  run: string;
  state: 'staged' | 'executed' | 'stale';
  staleReason: string | null;
  at: Date;
}

export const planLines = defineCollection<PlanLineDocument>({
  owner: 'mapping',
  name: 'planLines',
  published: true,
  paths: {
    _id: text,
    ...recordPaths(planLineSchema),
    run: text,
    state: oneOf('staged', 'executed', 'stale'),
    staleReason: optional.text,
    at: date,
  },
  indexes: [
    { key: { run: 1, number: 1 } },
    { key: { run: 1, account: 1 } },
    { key: { at: 1 }, options: { expireAfterSeconds: days(30) } },
  ],
});
