import type { IntegrationRecord, Pinned, RunRecord, RunReport } from '@rollcall/contracts';

import { defineCollection } from './define-collection.js';

/** `IntegrationRecord` and what only sync-runner needs. Published: the record has no secret. */
export interface IntegrationDocument extends Omit<IntegrationRecord, 'id'> {
  _id: string;
  /** Highest generation of any run so far (A5). */
  lastGeneration: number;
  /** Mapping, app and fold settings as registered with mapping; null until it answered. */
  registered: { version: number; mappingVersion: number; app: string } | null;
  /** Fingerprint of what the last good run read with, for "first after change" (evidence e). */
  lastGoodScope: string | null;
  /** Schedule: next slot in UTC; null while not active. */
  nextSlotAt: Date | null;
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
  /** An undo of this ended run (E5): `sentAt` stays null until UNDO is acknowledged by the broker. */
  undo: { requestedBy: string; requestedAt: string; sentAt: string | null } | null;
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
