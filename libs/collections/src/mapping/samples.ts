import type { RawUser } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { anything, date, number, text } from '../models/paths.js';

/** Records as the vendor gave them in the newest run, by which a mapping can be tried. Not published: nothing is masked. */
export interface SamplesDocument {
  /** Integration id. */
  _id: string;
  generation: number;
  at: Date;
  users: RawUser[];
}

export const samples = defineCollection<SamplesDocument>({
  owner: 'mapping',
  name: 'samples',
  published: false,
  paths: { _id: text, generation: number, at: date, users: anything },
});
