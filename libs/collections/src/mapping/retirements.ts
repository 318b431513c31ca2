import { defineCollection } from '../define-collection.js';
import { date, flag, text } from '../models/paths.js';

/** An integration that was taken away with its data (D7). */
export interface RetirementDocument {
  /** Integration id. */
  _id: string;
  by: string;
  at: Date;
  /** All its accounts are retired; they are removed after their replay window. */
  isDone: boolean;
}

export const retirements = defineCollection<RetirementDocument>({
  owner: 'mapping',
  name: 'retirements',
  published: false,
  paths: { _id: text, by: text, at: date, isDone: flag },
});
