import type { RunReport } from '@rollcall/contracts';

import { days, defineCollection } from '../define-collection.js';
import { anything, date, number, optional, text } from '../models/paths.js';

export interface PlanDocument {
  /** Run id. */
  _id: string;
  integration: string;
  generation: number;
  lines: number;
  hash: string | null;
  /** Report of an undo of this run (E5) as earlier versions stored it, or null; now it stands in `undos`. */
  undone: RunReport | null;
  at: Date;
}

export const plans = defineCollection<PlanDocument>({
  owner: 'mapping',
  name: 'plans',
  published: true,
  paths: {
    _id: text,
    integration: text,
    generation: number,
    lines: number,
    hash: optional.text,
    undone: anything,
    at: date,
  },
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(30) } }],
});
