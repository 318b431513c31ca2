import type { IntegrationDocument, RunDocument } from '@rollcall/collections';
import type { Quarantine } from '@rollcall/contracts';

import { latestSlot } from '../slots/next-slot.js';
import type { Lately } from '../slots/quarantine.js';
import { withActive } from '../sweeps/active-by-day.js';
import { isCompleted } from './run-state.js';

/** What later runs are compared with: after a completed run its scope, after a judged one its active accounts. */
export function knownBy(run: RunDocument, { activeByDay }: IntegrationDocument): Partial<IntegrationDocument> {
  if (run.scope !== 'full') return {};
  const shape = run.shape === null ? {} : { shape: run.shape };
  const good = isCompleted(run.state) ? { hasCompletedRun: true, lastGoodScope: run.scopeFingerprint, ...shape } : {};
  if (run.verdict === null) return good;
  const at = new Date(run.startedAt ?? run.plannedAt);
  return { ...good, activeByDay: withActive(activeByDay, at, run.verdict.activeAtStart) };
}

export const latelyOf = ({ failures, quarantine }: IntegrationDocument): Lately => ({ failures, quarantine });

/** Another next slot when a quarantine moves it away, or when one ended; nothing when it stays as planned. */
export function slotAfter(
  integration: IntegrationDocument,
  quarantine: Quarantine | null,
  now: Date,
): Partial<Pick<IntegrationDocument, 'nextSlotAt' | 'nextRunAt'>> {
  const { state, quarantine: before } = integration;
  if (state !== 'active' || (quarantine === null && before === null) || quarantine === before) return {};
  const nextSlotAt = latestSlot({ ...integration, quarantine }, now);
  return { nextSlotAt, nextRunAt: nextSlotAt.toISOString() };
}
