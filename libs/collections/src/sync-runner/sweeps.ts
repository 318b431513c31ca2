import { days, defineCollection } from '../define-collection.js';
import { date, number, text } from '../models/paths.js';

/** Deactivations that a run swept, or is about to, without a person: what the running sums of the guard add up (P10). */
export interface SweepDocument {
  /** Run id. */
  _id: string;
  integration: string;
  at: Date;
  count: number;
}

export const sweeps = defineCollection<SweepDocument>({
  owner: 'sync-runner',
  name: 'sweeps',
  published: true,
  paths: { _id: text, integration: text, at: date, count: number },
  indexes: [{ key: { integration: 1, at: 1 } }, { key: { at: 1 }, options: { expireAfterSeconds: days(9) } }],
});
