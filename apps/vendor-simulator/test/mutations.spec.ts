import { describe, expect, it } from '@jest/globals';

import { loadCompany } from '../src/company/load-company.js';
import { applyMutation, type Mutation } from '../src/company/mutations.js';
import { companyTruth, rawAccounts } from '../src/company/truth.js';
import { accountShapes } from '../src/vendors/index.js';

function setup() {
  const staffed = loadCompany('test', 10, accountShapes());
  const truth = () => companyTruth(staffed.company).vendors;
  const [first, second] = (truth().jumpcloud?.accounts ?? []).slice(1);
  if (!first || !second) throw new Error('the company is empty');
  return { staffed, truth, first, second, apply: (mutation: Mutation) => applyMutation(staffed, mutation) };
}

const vendor = 'jumpcloud';

describe('mutations of the company', () => {
  it('remove and add users', () => {
    const { apply, truth, first } = setup();
    expect(apply({ op: 'remove-user', vendor, id: first.id })).toMatchObject([{ kind: 'removed', id: first.id }]);
    expect(apply({ op: 'remove-users', vendor, count: 3 })).toHaveLength(3);
    const [added] = apply({ op: 'add-user', vendor, email: 'new@harbour.example', firstName: 'New' });
    expect(truth().jumpcloud?.accounts).toHaveLength(7);
    expect(truth().jumpcloud?.accounts.at(-1)).toMatchObject({
      id: added?.id,
      email: 'new@harbour.example',
      active: true,
    });
    expect(truth().lastpass?.accounts).toHaveLength(10);
  });

  it('give a person who left a new account under a new id', () => {
    const { apply, first } = setup();
    apply({ op: 'remove-user', vendor, id: first.id });
    const [again] = apply({ op: 'add-user', vendor, personId: first.personId ?? '' });
    expect(again?.id).not.toBe(first.id);
    expect(again).toMatchObject({ personId: first.personId, email: first.email });
  });

  it('suspend and restore', () => {
    const { apply, truth, first } = setup();
    expect(apply({ op: 'suspend', vendor, email: first.email })[0]?.fields).toMatchObject({ suspended: [false, true] });
    expect(truth().jumpcloud?.accounts.find(({ id }) => id === first.id)?.active).toBe(false);
    apply({ op: 'restore', vendor, id: first.id });
    expect(truth().jumpcloud?.accounts.find(({ id }) => id === first.id)?.active).toBe(true);
  });

  it.each(['jumpcloud', 'lastpass'])('rename and swap e-mails in %s', (where) => {
    const { apply, truth } = setup();
    const [one, other] = truth()[where]?.accounts ?? [];
    apply({ op: 'swap-emails', vendor: where, id: one?.id, otherId: other?.id ?? '' });
    apply({ op: 'rename-email', vendor: where, id: one?.id, newEmail: 'renamed@harbour.example' });
    const email = (id?: string) => truth()[where]?.accounts.find((account) => account.id === id)?.email;
    expect(email(other?.id)).toBe(one?.email);
    expect(email(one?.id)).toBe('renamed@harbour.example');
  });

  it('set and remove any field, also inside objects', () => {
    const { apply, staffed, first } = setup();
    apply({ op: 'set-field', vendor, id: first.id, field: 'mfa.configured', value: 'yes' });
    apply({ op: 'set-field', vendor, id: first.id, field: 'created', value: 0 });
    apply({ op: 'remove-field', vendor, id: first.id, field: 'email' });
    const record = rawAccounts(staffed.company, vendor).find(({ id }) => id === first.id)?.record;
    expect(record).toMatchObject({ mfa: { configured: 'yes' }, created: 0 });
    expect(record).not.toHaveProperty('email');
  });

  it('duplicate an id, equal or differing', () => {
    const { apply, staffed, first } = setup();
    apply({ op: 'duplicate-id', vendor, id: first.id });
    apply({ op: 'duplicate-id', vendor, id: first.id, fields: { firstname: 'Another' } });
    const twins = rawAccounts(staffed.company, vendor).filter(({ id }) => id === first.id);
    expect(twins).toHaveLength(3);
    expect(twins[1]?.record).toEqual(twins[0]?.record);
    expect(twins[2]?.record).toMatchObject({ firstname: 'Another' });
  });

  it('plant records that no vendor should have, word for word', () => {
    const { apply, staffed } = setup();
    apply({ op: 'plant-record', vendor, id: 'x', record: { nothing: 'known' } });
    apply({ op: 'plant-record', vendor, id: 'y', json: '{"_id":12345678901234567890}' });
    const texts = staffed.company
      .directory(vendor)
      .accounts.slice(-2)
      .map((account) => account.json);
    expect(texts).toEqual(['{"nothing":"known"}', '{"_id":12345678901234567890}']);
  });

  it('say what is wrong when the vendor or the account is unknown', () => {
    const { apply } = setup();
    expect(() => apply({ op: 'suspend', vendor: 'nobody', id: '1' })).toThrow('There is no vendor "nobody"');
    expect(() => apply({ op: 'suspend', vendor, id: '1' })).toThrow('jumpcloud has no account 1');
  });
});
