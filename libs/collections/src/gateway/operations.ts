import { days, defineCollection } from '../define-collection.js';
import { date, text } from '../models/paths.js';

/** A request that was answered with 202: where its result will be. */
export interface OperationDocument {
  /** `<owner>.<command id>`. */
  _id: string;
  owner: string;
  command: string;
  type: string;
  actor: string;
  deadline: Date;
  bodyDigest: string;
  createdAt: Date;
}

export const operations = defineCollection<OperationDocument>({
  owner: 'gateway',
  name: 'operations',
  published: false,
  paths: {
    _id: text,
    owner: text,
    command: text,
    type: text,
    actor: text,
    deadline: date,
    bodyDigest: text,
    createdAt: date,
  },
  indexes: [{ key: { createdAt: 1 }, options: { expireAfterSeconds: days(2) } }],
});
