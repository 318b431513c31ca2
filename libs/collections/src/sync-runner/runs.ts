import {
  type FieldShape,
  fieldShapeSchema,
  type Pinned,
  pinnedSchema,
  type RunRecord,
  runRecordSchema,
  type RunReport,
  runReportSchema,
} from '@rollcall/contracts';
import { z } from 'zod';

import { defineCollection } from '../define-collection.js';
import { fits, flag, lease, number, optional, recordPaths, text } from '../models/paths.js';

/** `RunRecord` with lease, reports and what a successor needs to go on. */
export interface RunDocument extends Omit<RunRecord, 'id'> {
  _id: string;
  partition: number;
  pinned: Pinned | null;
  lease: { holder: string; until: Date } | null;
  /** Refetches because totals moved; a new generation each (A5). */
  refetches: number;
  endSent: boolean;
  evidence: { pages: number; distinct: number; total: number | null } | null;
  /** Reports by `<generation>:<kind>`, first wins (A11). */
  reports: Record<string, RunReport>;
  cancelRequested: boolean;
  /** Fingerprint of what this generation reads with, compared with the integration's `lastGoodScope` (evidence e). */
  scopeFingerprint: string | null;
  /** Version of the secret that the vendor answered last; absent before it has. */
  acceptedSecret?: number;
  /** Fields of the vendor's records as this run read them; null when it says too little. */
  shape: FieldShape[] | null;
  /** Run whose staged lines were approved when this one was started (E4). */
  approvedPlan: string | null;
  /** An undo of this ended run (E5): `sentAt` stays null until UNDO is acknowledged by the broker. `undone` tells people. */
  undo: { requestedBy: string; requestedAt: string; sentAt: string | null } | null;
}

export const runs = defineCollection<RunDocument>({
  owner: 'sync-runner',
  name: 'runs',
  published: true,
  paths: {
    _id: text,
    ...recordPaths(runRecordSchema),
    partition: number,
    pinned: fits(pinnedSchema.nullable()),
    lease,
    refetches: number,
    endSent: flag,
    evidence: optional.part({ pages: number, distinct: number, total: optional.number }),
    reports: fits(z.record(z.string(), runReportSchema)),
    cancelRequested: flag,
    scopeFingerprint: optional.text,
    acceptedSecret: optional.number,
    shape: fits(z.array(fieldShapeSchema).nullable()),
    approvedPlan: optional.text,
    undo: optional.part({ requestedBy: text, requestedAt: text, sentAt: optional.text }),
  },
  indexes: [
    { key: { integration: 1, plannedAt: -1 } },
    { key: { state: 1, 'lease.until': 1 } },
    { key: { 'undo.sentAt': 1 }, options: { partialFilterExpression: { 'undo.requestedAt': { $exists: true } } } },
  ],
});
