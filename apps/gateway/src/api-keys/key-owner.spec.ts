import { describe, expect, it } from '@jest/globals';
import type { OperatorDocument } from '@rollcall/collections';

import { operatorsMeant, saysOperator } from './key-owner.js';

const operator = (_id: string, name: string, email: string): OperatorDocument => ({
  _id,
  name,
  email,
  emailKey: email.toLowerCase(),
  state: 'active',
  grants: [],
  passwordHash: null,
  rolesFromProvider: false,
  createdAt: new Date(0),
  lastSignInAt: null,
  version: 1,
});

const operators = [
  operator('a1', 'Ada Adams', 'Ada@example.com'),
  operator('b2', 'Bo Berg', 'bo@example.com'),
  operator('c3', 'bo berg', 'bo.berg@example.com'),
  operator('d4', 'bo@example.com', 'dora@example.com'),
];
const meant = (owner: string) => operatorsMeant(owner, operators).map(({ _id }) => _id);

describe('the owner of a key', () => {
  it.each(['operator:a1', 'Operator:A1', 'a1', 'ada@EXAMPLE.com', 'ada+keys@example.com', ' ada adams ', 'Ａda Adams'])(
    'is an operator, by id, address or name in any case: %s',
    (owner) => {
      expect(meant(owner)).toEqual(['a1']);
    },
  );

  it('may be several operators of one name, and is whoever has an address before whoever is called like it', () => {
    expect(meant('Bo Berg')).toEqual(['b2', 'c3']);
    expect(meant('bo@example.com')).toEqual(['b2']);
  });

  it('is nobody who signs in where no operator fits', () => {
    for (const owner of ['nightly export', 'operator:zz', 'Ada', 'api-key:a1']) expect(meant(owner)).toEqual([]);
    expect(['operator:zz', 'OPERATOR:zz', 'operators'].map(saysOperator)).toEqual([true, true, false]);
  });
});
