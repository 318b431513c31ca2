import type { PeoplePlanRecord } from '@rollcall/contracts';

export function buildPeoplePlan(overrides: Partial<PeoplePlanRecord> = {}): PeoplePlanRecord {
  return {
    id: 'plan-1',
    state: 'held',
    cause: { kind: 'settings', version: 5 },
    change: 'Staff directory became authoritative.',
    changedBy: ['operator-1'],
    integrations: ['directory'],
    hash: 'hash-1',
    incident: 'people-held/plan-1',
    reasons: [{ code: 'half-or-more', message: '40 of 60 active people would be deactivated.' }],
    staged: 40,
    protected: 0,
    active: 60,
    samples: ['Ada Example', 'Bo\r\nBcc: x@example.com'],
    createdAt: '2026-11-20T02:30:00.000Z',
    expiresAt: '2026-11-27T02:30:00.000Z',
    decidedBy: null,
    decidedAt: null,
    note: null,
    executedAt: null,
    deactivated: null,
    stale: null,
    undo: null,
    ...overrides,
  };
}
