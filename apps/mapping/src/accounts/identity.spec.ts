import { describe, expect, it } from '@jest/globals';
import { buildUser } from '@rollcall/testing';

import { buildAccount } from '../../test/build-documents.js';
import type { KeyField } from '../people/keys.js';
import { identityConflict } from './identity.js';

const leaver = buildAccount({ active: false, username: 'anna', values: { email: 'anna@example.com', staff_no: 7 } });
const unique: KeyField[] = [
  { field: 'email', kind: 'address' },
  { field: 'staff_no', kind: 'folded' },
];
const seen = (username: string | null, values: Record<string, string | number | null>, status = 'active') => ({
  user: buildUser('1', { username, status: status as 'active' }),
  values,
});

describe('an id that comes back (V24)', () => {
  it('with another name and other unique values is a conflict', () => {
    const reason = identityConflict(leaver, seen('bert', { email: 'bert@example.com', staff_no: 8 }), unique);
    expect(reason).toContain('belonged to anna');
    const withId = { email: 'bert@example.com', vendor_id: leaver.vendorId };
    const known = { ...leaver, values: { ...leaver.values, vendor_id: leaver.vendorId } };
    expect(
      identityConflict(known, seen('bert', withId), [...unique, { field: 'vendor_id', kind: 'exact' }]),
    ).not.toBeNull();
    expect(reason).toContain('bert');
  });

  it.each([
    ['its user name', seen('Anna', { email: 'new@example.com', staff_no: 9 })],
    ['its e-mail', seen('a.smith', { email: ' ANNA@example.com', staff_no: 9 })],
    ['another unique value', seen('a.smith', { email: 'new@example.com', staff_no: 7 })],
  ])('with %s is the same person', (_mark, user) => {
    expect(identityConflict(leaver, user, unique)).toBeNull();
  });

  it('is nobody else while the account is active, held, or does not come back to life', () => {
    const stranger = seen('bert', { email: 'bert@example.com', staff_no: 8 });
    const hold = { by: 'operator', at: '2026-01-01T00:00:00.000Z', reason: 'test' };
    expect(identityConflict({ ...leaver, active: true }, stranger, unique)).toBeNull();
    expect(identityConflict({ ...leaver, hold }, stranger, unique)).toBeNull();
    expect(identityConflict(leaver, seen('gone', { email: 'gone@example.com' }, 'inactive'), unique)).toBeNull();
  });

  it('with nothing but a placeholder in common is a conflict', () => {
    const known = { ...leaver, username: 'n/a', values: { email: 'n/a', staff_no: '-' } };
    const some = { ...known, values: { ...known.values, staff_no: 7 } };
    expect(identityConflict(some, seen('N/A', { email: 'N/A', staff_no: '-' }), unique)).toContain('belonged to n/a');
    expect(identityConflict(known, seen('N/A', { email: 'N/A', staff_no: '-' }), unique)).toBeNull();
  });

  it('with a unique field in the place of the user name, or a name that is unique, is compared once', () => {
    const fields: KeyField[] = [{ field: 'username', kind: 'exact' }];
    expect(identityConflict(leaver, seen('ANNA', {}), fields)).toBeNull();
    expect(
      identityConflict({ ...leaver, username: null, values: { username: 'x' } }, seen('x', {}), fields),
    ).toBeNull();
    expect(identityConflict(leaver, seen(null, {}), unique)).toContain('the name (none)');
    expect(identityConflict({ ...leaver, username: null }, seen('bert', {}), unique)).toContain('belonged to somebody');
  });

  it('is nobody else when nothing was known of them', () => {
    const nameless = buildAccount({ active: false, username: null, values: {} });
    expect(identityConflict(nameless, seen('bert', { email: 'bert@example.com' }), unique)).toBeNull();
  });
});
