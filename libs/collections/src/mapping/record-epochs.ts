import { type ResyncReason, resyncReasonSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { date, fits, listOf, number, oneOf, optional, part, text } from '../models/paths.js';

/** The present epoch of the records, and how its restore is noticed (ADR 0021). */
export interface RecordEpochDocument {
  _id: 'records';
  epoch: string;
  since: Date;
  /** Length of the topic of marks: with the mark that may be under way, and without it. */
  marks: { planned: number; known: number };
  /** How many messages the topics of people and SaaS users were written at least. */
  published: number;
  /** What is left of saying every record again; null when nothing is. */
  resync: {
    reason: ResyncReason;
    step: 'begin' | 'catch-up' | 'accounts' | 'people' | 'end';
    /** The last record said in this step. */
    after: string | null;
    /** How far raw-records had been read before, by partition; records are said again once it is read as far. */
    readTo: { partition: number; offset: number }[];
  } | null;
}

export const recordEpochs = defineCollection<RecordEpochDocument>({
  owner: 'mapping',
  name: 'recordEpochs',
  published: true,
  paths: {
    _id: oneOf('records'),
    epoch: text,
    since: date,
    marks: part({ planned: number, known: number }),
    published: number,
    resync: optional.part({
      reason: fits(resyncReasonSchema),
      step: oneOf('begin', 'catch-up', 'accounts', 'people', 'end'),
      after: optional.text,
      readTo: listOf(part({ partition: number, offset: number })),
    }),
  },
});
