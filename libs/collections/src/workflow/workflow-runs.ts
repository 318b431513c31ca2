import { type WorkflowRunRecord, workflowRunRecordSchema } from '@rollcall/contracts';

import { defineCollection } from '../define-collection.js';
import { lease, optional, recordPaths, text } from '../models/paths.js';

export interface WorkflowRunDocument extends Omit<WorkflowRunRecord, 'id'> {
  _id: string;
  /** When somebody has to look at it next; null once ended. */
  dueAt: Date | null;
  lease: { holder: string; until: Date } | null;
  /** Run whose sweep deactivated the subject; destructive steps wait for its undo window (P12). */
  causedByRun: string | null;
  /** People plan that deactivated the subject; likewise. */
  causedByPlan?: string | null;
  /** When a command of a person deactivated the subject, which they may take back; likewise (ISO). */
  undoableSince?: string | null;
  /** What started it, whatever epoch of the records it was said in: after a restore it may be said again under another id. */
  change?: string;
  /** `workflow-run.waiting` was published; it is said once (C4). */
  waitAnnounced?: boolean;
}

export const workflowRuns = defineCollection<WorkflowRunDocument>({
  owner: 'workflow',
  name: 'workflowRuns',
  published: true,
  paths: {
    _id: text,
    ...recordPaths(workflowRunRecordSchema),
    dueAt: optional.date,
    lease,
    causedByRun: optional.text,
    causedByPlan: optional.text,
    undoableSince: optional.text,
    change: optional.text,
    waitAnnounced: optional.flag,
  },
  indexes: [
    { key: { dueAt: 1 } },
    { key: { workflow: 1, startedAt: -1 } },
    { key: { change: 1, workflow: 1 }, options: { sparse: true } },
  ],
});
