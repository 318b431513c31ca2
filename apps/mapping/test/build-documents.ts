import type { AccountDocument, PersonDocument, ReadingDocument } from '@rollcall/collections';
import type { Created } from '@rollcall/contracts';
import { buildPinned } from '@rollcall/testing';

export function buildCreated(overrides: Partial<Created> = {}): Created {
  return {
    position: 'p00/000000000001',
    number: 0,
    time: '2026-01-01T00:00:00.000Z',
    cause: { kind: 'run', run: 'run-1', integration: 'acme', initial: false },
    ...overrides,
  };
}

export function buildAccount(overrides: Partial<AccountDocument> = {}): AccountDocument {
  return {
    _id: 'acme:1',
    revision: 1,
    integration: 'acme',
    connector: 'test',
    vendorId: '1',
    username: 'ada@example.com',
    app: 'test-app',
    content: 'user-and-saas-user',
    active: true,
    sourceStatus: 'active',
    role: null,
    lastActivityAt: null,
    administrator: false,
    protected: false,
    hold: null,
    values: { email: 'ada@example.com' },
    person: 'person-1',
    passive: false,
    error: null,
    deactivated: null,
    created: buildCreated(),
    hash: 'hash',
    observedAt: 1_000,
    ...overrides,
  };
}

export function buildPerson(overrides: Partial<PersonDocument> = {}): PersonDocument {
  return {
    _id: 'person-1',
    revision: 1,
    active: true,
    values: { email: 'ada@example.com' },
    provenance: { email: 'acme:1' },
    overrides: {},
    hold: null,
    protected: false,
    refused: [],
    mergedInto: null,
    settingsVersion: 1,
    deactivated: null,
    created: buildCreated({ number: 1 }),
    fold: 1,
    keys: ['email:ada@example.com'],
    ...overrides,
  };
}

export function buildReading(overrides: Partial<ReadingDocument> = {}): ReadingDocument {
  return {
    _id: 'acme',
    partition: 0,
    generation: 1,
    run: 'run-2',
    pinned: buildPinned({ startedAt: '2026-01-02T00:00:00.000Z' }),
    activeAtStart: 1,
    state: 'open',
    tainted: null,
    mapped: null,
    swept: null,
    ...overrides,
  };
}
