import { defineCollection } from '../define-collection.js';
import { date, listOf, number, optional, part, text } from '../models/paths.js';

/** The way of a partition (B2). Messages up to `offset` are applied, those before `from` are published as well. */
export interface PositionDocument {
  /** Partition of raw-records. */
  _id: number;
  /** How often a person accepted another topic (B2): offsets begin anew then, ids of changes must not (C1, I4). */
  epoch: number;
  /** Epoch of the records that changes are made in (ADR 0021); absent before there were any. */
  records?: string;
  /** Epochs of the records before it, oldest first, '' for none: what is replayed may have been stored in one of them. */
  formerRecords?: string[];
  /** False until something was applied in the present one: then nothing that is replayed can be of it. Absent: something was. */
  hasApplied?: boolean;
  /** Last message applied, -1 = none of this topic. */
  offset: number;
  digest: string;
  /** Lines of the control message at `offset` already applied; null = all of it (B17). */
  line: number | null;
  /** First message whose publication is not known to be acknowledged: reading starts here after a restart. */
  from: { offset: number; digest: string };
  /** Why no work is done on this partition until a person acts (B2), or null. */
  refused: string | null;
  at: Date;
}

export const positions = defineCollection<PositionDocument>({
  owner: 'mapping',
  name: 'positions',
  published: true,
  paths: {
    _id: number,
    epoch: number,
    records: optional.text,
    formerRecords: listOf(text),
    hasApplied: optional.flag,
    offset: number,
    digest: text,
    line: optional.number,
    from: part({ offset: number, digest: text }),
    refused: optional.text,
    at: date,
  },
});
