import { type Pinned, pinnedSchema, type RunReport, runReportSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { fits, number, oneOf, optional, text } from '../models/paths.js';

/** One attempt to read an integration (B5). */
export interface ReadingDocument {
  /** Integration id. */
  _id: string;
  partition: number;
  generation: number;
  run: string;
  pinned: Pinned;
  activeAtStart: number;
  state: 'open' | 'ended' | 'aborted';
  /** Why the generation cannot be trusted (B3, B6), or null. */
  tainted: { code: string; message: string } | null;
  mapped: RunReport | null;
  swept: RunReport | null;
}

export const readings = defineCollection<ReadingDocument>({
  owner: 'mapping',
  name: 'readings',
  published: true,
  paths: {
    _id: text,
    partition: number,
    generation: number,
    run: text,
    pinned: fits(pinnedSchema),
    activeAtStart: number,
    state: oneOf('open', 'ended', 'aborted'),
    tainted: optional.part({ code: text, message: text }),
    mapped: fits(runReportSchema.nullable()),
    swept: fits(runReportSchema.nullable()),
  },
});
