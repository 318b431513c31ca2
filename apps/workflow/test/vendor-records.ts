import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import { connectors } from '@rollcall/connectors';
import type { Cause } from '@rollcall/contracts';
import type { TrueAccount, VendorId } from '@rollcall/vendor-simulator';

const byHand: Cause = { kind: 'command', command: 'c', actor: 'test' };
const created = { position: 'p00/000000000001', number: 0, time: '2026-11-20T10:00:00.000Z', cause: byHand };

/** An account as mapping would have stored it. */
export function buildVendorAccount(vendor: VendorId, user: TrueAccount, id: string, person: string): AccountDocument {
  return {
    _id: id,
    revision: 1,
    integration: `int-${vendor}`,
    connector: vendor,
    vendorId: user.id,
    username: user.username,
    app: connectors[vendor]!.manifest.app.catalogueId,
    content: 'user-and-saas-user',
    active: true,
    sourceStatus: 'active',
    role: null,
    lastActivityAt: null,
    administrator: false,
    protected: false,
    hold: null,
    values: { email: user.email, username: user.username },
    person,
    passive: false,
    error: null,
    deactivated: null,
    created,
    hash: null,
    observedAt: 0,
  };
}

export function buildVendorPerson(user: TrueAccount, id: string): PersonDocument {
  const [first = 'Test', ...rest] = user.name.split(' ');
  return {
    _id: id,
    revision: 1,
    active: true,
    values: { email: user.email, first_name: first, last_name: rest.join(' ') || 'Example' },
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
    keys: [`email:${id}`],
  };
}
