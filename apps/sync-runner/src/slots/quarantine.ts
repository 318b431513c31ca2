import type { Quarantine, RunState } from '@rollcall/contracts';

const hourMs = 60 * 60 * 1000;
/** So many failed runs in a row are no accident any more. */
const failuresBefore = 3;
/** From then on: after 6, 12 and 24 hours, and every 24 hours after that. */
const retryAfterMs = [6 * hourMs, 12 * hourMs, 24 * hourMs] as const;
export const longestQuarantineMs = retryAfterMs[2];

/** How an integration's runs went lately. */
export interface Lately {
  /** Failed runs since the last one that did not fail. */
  readonly failures: number;
  readonly quarantine: Quarantine | null;
}

export const inOrder: Lately = { failures: 0, quarantine: null };

/**
 * What the end of a run makes of it. A run that was cancelled or skipped says nothing of the vendor; one that completed or
 * was held read it well.
 */
export function afterRun(
  { failures: before, quarantine }: Lately,
  { state, reason }: { readonly state: RunState; readonly reason: Quarantine['reason'] | null },
  now: Date,
): Lately {
  if (state === 'cancelled' || state === 'skipped') return { failures: before, quarantine };
  if (state !== 'failed') return inOrder;
  const failures = before + 1;
  if (failures < failuresBefore) return { failures, quarantine: null };
  const wait = retryAfterMs[Math.min(failures - failuresBefore, retryAfterMs.length - 1)]!;
  return {
    failures,
    quarantine: {
      since: quarantine?.since ?? now.toISOString(),
      reason: reason ?? { code: 'unknown', message: 'The runs name no reason.' },
      failures,
      retryAt: new Date(now.getTime() + wait).toISOString(),
    },
  };
}
