import type { WatchDocument } from '@rollcall/collections';
import type { RunRecord } from '@rollcall/contracts';

export function buildRun(overrides: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 'run-1',
    integration: 'directory',
    integrationName: 'Staff directory',
    kind: 'scheduled',
    scope: 'full',
    state: 'completed',
    generation: 1,
    initial: false,
    plannedAt: '2026-11-20T02:30:00.000Z',
    startedAt: '2026-11-20T02:30:05.000Z',
    endedAt: '2026-11-20T02:40:00.000Z',
    reason: null,
    counts: null,
    passedOver: null,
    progress: null,
    problems: [],
    drift: [],
    verdict: null,
    lostHolders: 0,
    parkedUntil: null,
    requestedBy: null,
    heldPlan: null,
    subject: null,
    approves: null,
    applies: null,
    undone: null,
    ...overrides,
  };
}

/** A run that failed for the reason `code`. */
export function buildFailedRun(id: string, code: string, overrides: Partial<RunRecord> = {}): RunRecord {
  const reason = { code, message: `The vendor answered with ${code}. Ask it again later.` };
  return buildRun({ id, state: 'failed', reason, ...overrides });
}

export function buildWatch(overrides: Partial<WatchDocument> = {}): WatchDocument {
  return {
    _id: 'directory',
    name: 'Staff directory',
    state: 'active',
    version: 1,
    contacts: [{ name: 'Ada Example', email: 'ada@example.com' }],
    expectedAt: null,
    openRun: null,
    incident: null,
    ...overrides,
  };
}
