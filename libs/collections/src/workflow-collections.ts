import type { IntentState, WorkflowDefinition, WorkflowRecord, WorkflowRunRecord } from '@rollcall/contracts';

import { days, defineCollection } from './define-collection.js';

export interface WorkflowDocument extends Omit<WorkflowRecord, 'id'> {
  _id: string;
}

/** What activation published: immutable. */
export interface WorkflowVersionDocument {
  /** `<workflow>/<version>`. */
  _id: string;
  workflow: string;
  version: number;
  name: string;
  definition: WorkflowDefinition;
  publishedAt: Date;
  /** Events from this instant on start it: the first activation since the last pause. `publishedAt` without one. */
  activeSince?: Date;
}

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

/** A destructive call, written before it is made (architecture 9, P15, P16). */
export interface IntentDocument {
  /** `<workflow run>/<step>`. */
  _id: string;
  workflowRun: string;
  step: string;
  state: IntentState;
  preset: string;
  connector: string;
  credential: string;
  secretVersion: number | null;
  /** The target as frozen when the intent was planned. */
  target: {
    account: string;
    vendorId: string;
    username: string | null;
    email: string | null;
    createdAtVendor: string | null;
  };
  requestDigest: string;
  attempts: { number: number; startedAt: Date; outcome: string | null; message: string | null }[];
  message: string | null;
  createdAt: Date;
}

/**
 * People acted on destructively per workflow, per connector and in all, by hour and by day (P12); and each of them, so that
 * further calls on somebody who is counted already are free.
 */
export interface EffectBudgetDocument {
  /** `<whose>/<hour or day>` counts people; `<whose>/<hour or day>/<person>` is one of those counted. */
  _id: string;
  /** People counted. */
  people?: number;
  /** Of a counter of earlier versions: calls. It holds at least as many people as were acted on. */
  used?: number;
  /** Of somebody counted: the intents that acted, each once however often it was tried. */
  intents?: string[];
  at: Date;
}

const owner = 'workflow' as const;

export const workflows = defineCollection<WorkflowDocument>({
  owner,
  name: 'workflows',
  published: true,
  indexes: [{ key: { name: 1 }, options: { unique: true } }],
});
export const workflowVersions = defineCollection<WorkflowVersionDocument>({
  owner,
  name: 'workflowVersions',
  published: true,
});
export const workflowRuns = defineCollection<WorkflowRunDocument>({
  owner,
  name: 'workflowRuns',
  published: true,
  indexes: [
    { key: { dueAt: 1 } },
    { key: { workflow: 1, startedAt: -1 } },
    { key: { change: 1, workflow: 1 }, options: { sparse: true } },
  ],
});
export const intents = defineCollection<IntentDocument>({
  owner,
  name: 'intents',
  published: true,
  indexes: [{ key: { createdAt: -1 } }],
});
export const effectBudgets = defineCollection<EffectBudgetDocument>({
  owner,
  name: 'effectBudgets',
  published: false,
  indexes: [{ key: { at: 1 }, options: { expireAfterSeconds: days(3) } }],
});
