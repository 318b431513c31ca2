import type { AccountDocument, ChangeDocument, PersonDocument } from '@rollcall/collections';
import type { Created, RunRecord } from '@rollcall/contracts';

const time = '2026-11-20T08:00:00.000Z';

export const buildCreated = (run = 'run-1'): Created => ({
  position: 'p00/000000000001',
  number: 0,
  time,
  cause: { kind: 'run', run, integration: 'int-1', initial: true },
});

export function buildRun(overrides: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 'run-1',
    integration: 'int-1',
    integrationName: 'Vendor',
    kind: 'manual',
    scope: 'full',
    state: 'planned',
    generation: 1,
    initial: true,
    plannedAt: time,
    startedAt: null,
    endedAt: null,
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

export function buildPerson(overrides: Partial<PersonDocument> = {}): PersonDocument {
  return {
    _id: 'person-1',
    revision: 1,
    active: true,
    values: { username: 'ada', email: 'ada@example.com', display_name: 'Ada Lovelace' },
    provenance: {},
    overrides: {},
    hold: null,
    protected: false,
    refused: [],
    mergedInto: null,
    settingsVersion: 1,
    deactivated: null,
    created: buildCreated(),
    fold: 7,
    keys: ['email:ada@example.com'],
    ...overrides,
  };
}

export function buildAccount(overrides: Partial<AccountDocument> = {}): AccountDocument {
  return {
    _id: 'int-1:1',
    revision: 1,
    integration: 'int-1',
    connector: 'some',
    vendorId: '1',
    username: 'ada',
    app: 'app-1',
    content: 'user-and-saas-user',
    active: true,
    sourceStatus: 'active',
    role: { value: 'Admin', origin: 'vendor' },
    lastActivityAt: null,
    administrator: false,
    protected: false,
    hold: null,
    values: { username: 'ada', email: 'ada@example.com' },
    person: 'person-1',
    passive: false,
    error: null,
    deactivated: null,
    created: buildCreated(),
    hash: 'example-hash',
    observedAt: 1,
    ...overrides,
  };
}

export function buildChange(person: PersonDocument, revision: number, run: string): ChangeDocument {
  const { _id, fold: _fold, keys: _keys, ...rest } = person;
  return {
    _id: `p00/${String(revision).padStart(12, '0')}/0000`,
    kind: 'person',
    record: _id,
    revision,
    event: revision === 1 ? 'person.created' : 'person.updated',
    after: { id: _id, ...rest, revision },
    changed: revision === 1 ? {} : { 'values.display_name': `Name ${revision - 1}` },
    cause: { kind: 'run', run, integration: 'int-1', initial: false },
    time,
  };
}
