import type {
  FieldShape,
  GuardSettings,
  HeldPlanRecord,
  IntegrationRecord,
  Pinned,
  RunRecord,
  RunReport,
} from '@rollcall/contracts';

import { days, defineCollection } from './define-collection.js';
import type { EditDocument } from './edits.js';

/** `IntegrationRecord` and what only sync-runner needs. Published: the record has no secret. */
export interface IntegrationDocument extends Omit<IntegrationRecord, 'id'> {
  _id: string;
  /** Highest generation of any run so far (A5). */
  lastGeneration: number;
  /** Mapping, app and fold settings as registered with mapping; null until it answered. */
  registered: { version: number; mappingVersion: number; app: string | null } | null;
  /** Fingerprint of what the last good run read with, for "first after change" (evidence e). */
  lastGoodScope: string | null;
  /** Schedule: next slot in UTC; null while not active. */
  nextSlotAt: Date | null;
  /** Fields of the vendor's records in the last good run; null before the first. */
  shape: FieldShape[] | null;
  /** Failed runs since the last one that did not fail. */
  failures: number;
  /** Who changed a setting last, and when. */
  edited: { by: string; at: Date };
  /** Who changed it, of each person the newest change of a kind; absent in integrations from before it was kept. */
  edits?: EditDocument[];
  /** Active accounts at the first run of a day, oldest first, for a little more than a week (the weekly sum of P10). */
  activeByDay: { at: Date; active: number }[];
}

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
  /** Fields of the vendor's records as this run read them; null when it says too little. */
  shape: FieldShape[] | null;
  /** Run whose staged lines were approved when this one was started (E4). */
  approvedPlan: string | null;
  /** An undo of this ended run (E5): `sentAt` stays null until UNDO is acknowledged by the broker. `undone` tells people. */
  undo: { requestedBy: string; requestedAt: string; sentAt: string | null } | null;
}

/** `HeldPlanRecord` with times that can be compared. */
export interface HeldPlanDocument extends Omit<HeldPlanRecord, 'id' | 'heldAt' | 'expiresAt'> {
  _id: string;
  heldAt: Date;
  expiresAt: Date;
}

/** Deactivations that a run swept, or is about to, without a person: what the running sums of the guard add up (P10). */
export interface SweepDocument {
  /** Run id. */
  _id: string;
  integration: string;
  at: Date;
  count: number;
}

/** `GuardSettings`; every reservation of a sweep raises `reservations`, so that two cannot miss each other. */
export interface GuardSettingsDocument extends GuardSettings {
  _id: 'guard';
  reservations: number;
}

const owner = 'sync-runner' as const;

export const integrations = defineCollection<IntegrationDocument>({
  owner,
  name: 'integrations',
  published: true,
  indexes: [{ key: { name: 1 }, options: { unique: true } }, { key: { nextSlotAt: 1 } }],
});
export const runs = defineCollection<RunDocument>({
  owner,
  name: 'runs',
  published: true,
  indexes: [
    { key: { integration: 1, plannedAt: -1 } },
    { key: { state: 1, 'lease.until': 1 } },
    { key: { 'undo.sentAt': 1 }, options: { partialFilterExpression: { 'undo.requestedAt': { $exists: true } } } },
  ],
});
export const heldPlans = defineCollection<HeldPlanDocument>({
  owner,
  name: 'heldPlans',
  published: true,
  indexes: [{ key: { integration: 1, heldAt: -1 } }, { key: { state: 1, expiresAt: 1 } }],
});
export const sweeps = defineCollection<SweepDocument>({
  owner,
  name: 'sweeps',
  published: true,
  indexes: [{ key: { integration: 1, at: 1 } }, { key: { at: 1 }, options: { expireAfterSeconds: days(9) } }],
});
export const guardSettings = defineCollection<GuardSettingsDocument>({ owner, name: 'guardSettings', published: true });
