import { defineCollection } from '../define-collection.js';
import { flag, text } from '../models/paths.js';

/** How an operator is told of trouble: what others may read of them. */
export interface OperatorContactDocument {
  /** Id of the operator. */
  _id: string;
  name: string;
  email: string;
  /** Whoever is disabled hears of nothing. */
  isActive: boolean;
}

export const operatorContacts = defineCollection<OperatorContactDocument>({
  owner: 'gateway',
  name: 'operatorContacts',
  published: true,
  paths: { _id: text, name: text, email: text, isActive: flag },
});
