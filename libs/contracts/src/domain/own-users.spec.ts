import { describe, expect, it } from '@jest/globals';

import type { AuthScheme } from './connector-manifest.js';
import { isOwnUser, knowsOwnUsers, ownUserInputs, ownUsersOf } from './own-users.js';

const input = (name: string, ownUser?: true) => ({ name, label: name, secret: false, required: false, ownUser });
const basic: AuthScheme = {
  type: 'basic',
  label: 'Basic',
  inputs: [input('username', true), input('password'), input('account')],
  placement: { kind: 'basic', username: 'username', password: 'password' },
};
/** The user name is sent as the account where no account was entered. */
const withStandIn: AuthScheme = {
  ...basic,
  placement: { kind: 'body', fields: { id: { field: 'account', orField: 'username', as: 'string' } } },
};

describe('the own users of a credential', () => {
  it('are those that a person named and those that its fields name, each once', () => {
    const fields = { username: ' Service@Example.com ', password: 'test' };
    expect(ownUsersOf(basic, { ownUsers: ['4711', 'SERVICE@example.com'] }, fields)).toEqual([
      '4711',
      'service@example.com',
    ]);
    expect(ownUsersOf(basic, { ownUsers: null }, fields)).toEqual(['service@example.com']);
    expect(ownUsersOf(undefined, {}, fields)).toEqual([]);
  });

  it('are not told by a user name that is sent in place of an account', () => {
    expect(ownUserInputs(withStandIn, ['username', 'password'])).toEqual([]);
    expect(ownUserInputs(withStandIn, ['username', 'password', 'account'])).toEqual(['username']);
    expect(ownUsersOf(withStandIn, {}, { username: '12345', password: 'test', account: ' ' })).toEqual([]);
  });

  it('are known when somebody answered, were it "none of its users", or when a field tells', () => {
    expect(knowsOwnUsers(withStandIn, { secretFields: ['username'] })).toBe(false);
    expect(knowsOwnUsers(withStandIn, { secretFields: ['username'], ownUsers: null })).toBe(false);
    expect(knowsOwnUsers(withStandIn, { secretFields: ['username'], ownUsers: [] })).toBe(true);
    expect(knowsOwnUsers(withStandIn, { secretFields: ['username', 'account'] })).toBe(true);
  });

  it('are found by any of their names, whatever its case', () => {
    expect(isOwnUser(['service@example.com'], [null, 'SERVICE@example.com'])).toBe(true);
    expect(isOwnUser(['Service@Example.com '], ['service@example.com'])).toBe(true);
    expect(isOwnUser(['service@example.com'], [undefined, null, '', 'ada@example.com', 7])).toBe(false);
    expect(isOwnUser([], ['ada@example.com'])).toBe(false);
  });
});
