import { describe, expect, it } from '@jest/globals';
import type { IntegrationDocument } from '@rollcall/collections';

import { deactivates } from '../integrations/deactivates.js';
import { fingerprintOf, type Scope } from './pin.js';

const scope: Scope = {
  connectorVersion: 1,
  load: 'users',
  inputs: { filter: 'Default', org: '1' },
  credential: 'credential-1',
  secretVersion: 1,
  baseUrl: 'https://vendor.example.com',
};

describe('the fingerprint of what a vendor is asked with (evidence e)', () => {
  it('is the same for the same scope in any order of its inputs', () => {
    expect(fingerprintOf({ ...scope, inputs: { org: '1', filter: 'Default' } })).toBe(fingerprintOf(scope));
  });

  it.each<[string, Partial<Scope>]>([
    ['connector version', { connectorVersion: 2 }],
    ['load', { load: 'users-with-filter' }],
    ['filter', { inputs: { ...scope.inputs, filter: 'x' } }],
    ['credential', { credential: 'credential-2' }],
    ['secret', { secretVersion: 2 }],
    ['address', { baseUrl: 'https://other.example.com' }],
  ])('changes with the %s', (_name, change) => {
    expect(fingerprintOf({ ...scope, ...change })).not.toBe(fingerprintOf(scope));
  });
});

describe('whether a run deactivates', () => {
  const build = (overrides: Partial<IntegrationDocument> = {}) =>
    ({
      content: 'user-and-saas-user',
      preference: 'create-and-update',
      deactivate: { enabled: true, onHold: false },
      ...overrides,
    }) as IntegrationDocument;

  it('needs the switch, SaaS users and a preference that changes records (R44, R38)', () => {
    expect(deactivates(build())).toBe(true);
    expect(deactivates(build({ preference: 'update-only' }))).toBe(true);
    expect(deactivates(build({ deactivate: { enabled: false, onHold: false } }))).toBe(false);
    expect(deactivates(build({ content: 'user' }))).toBe(false);
    expect(deactivates(build({ preference: 'create-only' }))).toBe(false);
  });

  it('is off after an undo until a person lifts the hold (E5)', () => {
    expect(deactivates(build({ deactivate: { enabled: true, onHold: true } }))).toBe(false);
  });
});
