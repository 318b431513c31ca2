import { defineCollection } from '../define-collection.js';
import { number, oneOf } from '../models/paths.js';

/** Every judgement raises it, so that two at once cannot miss what the other one let pass. */
export interface PeoplePlanTurnDocument {
  _id: 'judging';
  turns: number;
}

export const peoplePlanTurns = defineCollection<PeoplePlanTurnDocument>({
  owner: 'mapping',
  name: 'peoplePlanTurns',
  published: false,
  paths: { _id: oneOf('judging'), turns: number },
});
