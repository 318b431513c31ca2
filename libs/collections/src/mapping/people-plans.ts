import { type PeoplePlanRecord, peoplePlanRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { number, optional, recordPaths, text } from '../models/paths.js';

/** `PeoplePlanRecord` with times that can be compared, and how far a piece of work on it has come. */
export interface PeoplePlanDocument extends Omit<PeoplePlanRecord, 'id' | 'expiresAt'> {
  _id: string;
  /** The cause as one text: `settings`, `retirement/<integration>`, `run/<run>`. */
  group: string;
  expiresAt: Date | null;
  /** Number of the next line that is carried out or taken back. */
  line: number;
}

export const peoplePlans = defineCollection<PeoplePlanDocument>({
  owner: 'mapping',
  name: 'peoplePlans',
  published: true,
  paths: { _id: text, ...recordPaths(peoplePlanRecordSchema), group: text, expiresAt: optional.date, line: number },
  indexes: [{ key: { createdAt: -1 } }, { key: { state: 1, expiresAt: 1 } }, { key: { group: 1, createdAt: -1 } }],
});
