import type { AccountDocument, PersonDocument, WorkflowRunDocument } from '@rollcall/collections';

const created = {
  position: 'p00/000000000001',
  number: 0,
  time: '2026-11-20T10:00:00.000Z',
  cause: { kind: 'command' as const, command: 'c', actor: 'test' },
};

export function buildAccount(overrides: Partial<AccountDocument> = {}): AccountDocument {
  return {
    _id: 'int:1',
    revision: 1,
    integration: 'int',
    connector: 'jumpcloud',
    vendorId: '1',
    username: 'ada',
    app: 'jumpcloud',
    content: 'user-and-saas-user',
    active: true,
    sourceStatus: 'active',
    role: { value: 'User', origin: 'default' },
    lastActivityAt: null,
    administrator: false,
    protected: false,
    hold: null,
    values: { email: 'ada@example.com', department: 'Sales' },
    person: 'person-1',
    passive: false,
    error: null,
    deactivated: null,
    created,
    hash: null,
    observedAt: 0,
    ...overrides,
  };
}

export function buildPerson(overrides: Partial<PersonDocument> = {}): PersonDocument {
  return {
    _id: 'person-1',
    revision: 1,
    active: true,
    values: { email: 'ada.person@example.com', first_name: 'Ada', department: null },
    provenance: {},
    overrides: {},
    hold: null,
    protected: false,
    refused: [],
    mergedInto: null,
    settingsVersion: 1,
    deactivated: null,
    created,
    fold: 1,
    keys: [],
    ...overrides,
  };
}

export function buildRun(overrides: Partial<WorkflowRunDocument> = {}): WorkflowRunDocument {
  const startedAt = '2026-11-21T10:00:00.000Z';
  const step = { preset: 'p', state: 'waiting' as const, attempts: 0, dueAt: startedAt, message: null, endedAt: null };
  return {
    _id: 'event~workflow',
    workflow: 'workflow',
    workflowName: 'Workflow',
    workflowVersion: 1,
    event: 'event',
    trigger: 'saas-user.deactivated',
    subject: 'int:1',
    state: 'running',
    steps: [
      { ...step, id: 'first' },
      { ...step, id: 'second' },
    ],
    startedAt,
    endedAt: null,
    dueAt: new Date(startedAt),
    lease: null,
    causedByRun: null,
    ...overrides,
  };
}
