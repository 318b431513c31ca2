import { describe, expect, it } from '@jest/globals';

import { buildAccount, buildPerson } from '../../test/build-records.js';
import { refuseAmbiguousAccounts, variablesFor } from './variables.js';

const account = buildAccount();
const person = buildPerson();
const other = buildAccount({ _id: 'int2:9', app: 'lastpass', vendorId: '9', username: 'ada@example.com' });

describe('variables of a step', () => {
  it('are the fields of the person, and the account where a SaaS user started the run', () => {
    expect(variablesFor({ account, person, accounts: [account, other] })).toEqual({
      email: 'ada@example.com',
      first_name: 'Ada',
      // The person has none, so the account's own shows.
      department: 'Sales',
      vendor_id: '1',
      username: 'ada',
      role: 'User',
      accounts: {
        jumpcloud: { id: '1', username: 'ada' },
        lastpass: { id: '9', username: 'ada@example.com' },
      },
    });
  });

  it('of a person hold nothing of a single account', () => {
    const variables = variablesFor({ account: null, person, accounts: [account] });
    expect(variables).toMatchObject({ email: 'ada.person@example.com', accounts: { jumpcloud: { id: '1' } } });
    expect(variables).not.toHaveProperty('vendor_id');
  });

  it('name no account where there are several, and the step is refused in words (G6)', () => {
    const second = buildAccount({ _id: 'int:2', vendorId: '2' });
    const subject = { account: null, person, accounts: [account, second, other] };
    expect(variablesFor(subject)['accounts']).toEqual({ lastpass: { id: '9', username: 'ada@example.com' } });
    expect(() => refuseAmbiguousAccounts(['accounts.jumpcloud.id'], subject)).toThrow(/2 accounts in jumpcloud/);
    expect(() => refuseAmbiguousAccounts(['accounts.lever.id'], subject)).toThrow(/no account in lever/);
    expect(() => refuseAmbiguousAccounts(['accounts.lastpass.id', 'email'], subject)).not.toThrow();
  });
});
