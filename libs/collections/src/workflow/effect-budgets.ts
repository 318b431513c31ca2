import { days, defineCollection } from '../define-collection.js';
import { date, listOf, optional, text } from '../models/paths.js';

/**
 * People acted on destructively per workflow, per connector and in all, by hour and by day (P12); and each of them, so that
 * further calls on somebody who is counted already are free.
 */
export interface EffectBudgetDocument {
  /** `<whose>/<hour or day>` counts people; `<whose>/<hour or day>/<person>` is one of those counted. */
  _id: string;
  /** People counted. */
  people?: number;
  /** Of a counter of earlier versions: calls. It holds at least as many people as were acted on. */
  used?: number;
  /** Of somebody counted: the intents that acted, each once however often it was tried. */
  intents?: string[];
  at: Date;
}

export const effectBudgets = defineCollection<EffectBudgetDocument>({
  owner: 'workflow',
  name: 'effectBudgets',
  published: false,
  paths: { _id: text, people: optional.number, used: optional.number, intents: listOf(text), at: date },
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(3) } }],
});
