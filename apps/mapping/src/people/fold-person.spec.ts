import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { type FoldAccount, type FoldInput, foldPerson } from './fold-person.js';

const settings = {
  integrations: {
    hr: { priority: 1, authoritative: true, name: 'HR', connector: 'test' },
    mail: { priority: 2, authoritative: false, name: 'Mail', connector: 'test' },
    chat: { priority: 2, authoritative: false, name: 'Chat', connector: 'test' },
  },
};
const account = (integration: string, vendorId: string, overrides: Partial<FoldAccount> = {}): FoldAccount => ({
  _id: `${integration}:${vendorId}`,
  integration,
  vendorId,
  active: true,
  passive: false,
  values: {},
  ...overrides,
});
const fold = (accounts: FoldAccount[], rest: Partial<FoldInput> = {}) =>
  foldPerson({ accounts, overrides: {}, hold: null, previous: null, ...rest }, settings);
const hold = { by: 'operator', at: '2026-01-01T00:00:00.000Z', reason: 'test' };

describe('values of a person (D2)', () => {
  it('come from active accounts first, then by priority, then by vendor id', () => {
    const inactive = account('hr', '1', { active: false, values: { title: 'HR' } });
    const mail = account('mail', '2', { values: { title: 'Mail 2' } });
    const chat = account('chat', '1', { values: { title: 'Chat 1' } });
    expect(fold([inactive, mail, chat]).values).toEqual({ title: 'Chat 1' });
    expect(fold([{ ...inactive, active: true }, mail, chat]).values).toEqual({ title: 'HR' });
    expect(fold([inactive]).values).toEqual({ title: 'HR' });
    expect(fold([account('nobody', '0', { values: { title: 'Late' } }), mail]).values).toEqual({ title: 'Mail 2' });
  });

  it('come from the next account where the first maps none', () => {
    const first = account('hr', '1', { values: { title: null, email: 'a@example.com' } });
    const second = account('mail', '1', { values: { title: 'Mail', email: 'b@example.com' } });
    const { values, provenance } = fold([second, first]);
    expect(values).toEqual({ title: 'Mail', email: 'a@example.com' });
    expect(provenance).toEqual({ title: 'mail:1', email: 'hr:1' });
  });

  it('are overridden by a person, and stay as they were without any account', () => {
    const accounts = [account('hr', '1', { values: { title: 'HR' } })];
    expect(
      fold(accounts, { overrides: { title: { value: 'Mine', by: 'ada', at: '2026-01-01T00:00:00.000Z' } } }),
    ).toMatchObject({
      values: { title: 'Mine' },
      provenance: { title: 'override' },
    });
    const previous = { values: { title: 'Old' }, provenance: { title: 'hr:1' }, active: false };
    expect(fold([], { previous })).toEqual(previous);
    expect(fold([account('hr', '1')], { previous }).values).toEqual({});
  });

  it('that an integration finds people by are taken from it last, whatever its priority (R74)', () => {
    const rules = { ...settings, secondaryKeys: { hr: ['badge'] } };
    const hr = account('hr', '1', { values: { badge: 'from HR', title: 'HR' } });
    const chat = account('chat', '1', { active: false, values: { badge: 'from chat', title: 'Chat' } });
    const folded = (...accounts: FoldAccount[]) =>
      foldPerson({ accounts, overrides: {}, hold: null, previous: null }, rules).values;
    expect(folded(hr, chat)).toEqual({ badge: 'from chat', title: 'HR' });
    expect(folded(hr)).toEqual({ badge: 'from HR', title: 'HR' });
    expect(folded(hr, account('chat', '2', { values: { badge: null } }))).toMatchObject({ badge: 'from HR' });
  });

  it('of a field with sources of truth come from the first of these that has one, active accounts first (D2)', () => {
    const title = (integration: string, overrides: Partial<FoldAccount> = {}) =>
      account(integration, '1', { values: { title: integration, team: integration }, ...overrides });
    const folded = (accounts: FoldAccount[], rest: Partial<FoldInput> = {}) =>
      foldPerson(
        { accounts, overrides: {}, hold: null, previous: null, ...rest },
        { ...settings, sources: { title: ['chat', 'mail'] } },
      );
    const [hr, mail, chat] = [title('hr'), title('mail'), title('chat')];
    expect(folded([hr, mail, chat]).values).toEqual({ title: 'chat', team: 'hr' });
    expect(folded([hr, mail, chat]).provenance).toEqual({ title: 'chat:1', team: 'hr:1' });
    expect(folded([hr, mail]).values).toEqual({ title: 'mail', team: 'hr' });
    expect(folded([hr, mail, { ...chat, active: false }]).values['title']).toBe('mail');
    expect(folded([hr, { ...mail, active: false }, { ...chat, active: false }]).values['title']).toBe('hr');
    for (const values of [{ title: null }, {}] as FoldAccount['values'][]) {
      expect(folded([hr, mail, { ...chat, values }]).values['title']).toBe('mail');
    }
    expect(folded([hr, title('other')]).values['title']).toBe('hr');
    expect(folded([account('hr', '1')]).values).toEqual({});
    const overrides = { title: { value: 'Mine', by: 'ada', at: '2026-01-01T00:00:00.000Z' } };
    expect(folded([hr, chat], { overrides })).toMatchObject({
      values: { title: 'Mine' },
      provenance: { title: 'override' },
    });
  });

  it('take nothing from passive accounts (D6)', () => {
    const passive = account('hr', '0', { passive: true, active: true, values: { title: 'Passive' } });
    const own = account('mail', '1', { active: false, values: { title: 'Own' } });
    expect(fold([passive, own])).toMatchObject({ values: { title: 'Own' }, active: false });
  });
});

describe('activity of a person (D3)', () => {
  it('is decided by a hold, else by authoritative accounts, else by any account', () => {
    const off = account('hr', '1', { active: false });
    const on = account('mail', '1');
    expect(fold([off, on]).active).toBe(false);
    expect(
      fold([
        { ...off, active: true },
        { ...on, active: false },
      ]).active,
    ).toBe(true);
    expect(fold([on, account('chat', '1', { active: false })]).active).toBe(true);
    const previous = { values: {}, provenance: {}, active: true };
    expect(fold([off], { hold, previous }).active).toBe(true);
    expect(fold([], { previous }).active).toBe(true);
    const was = { ...previous, active: false };
    expect([fold([on], { hold, previous: was }).active, fold([], { previous: was }).active]).toEqual([false, false]);
    expect([fold([off], { hold }).active, fold([]).active]).toEqual([true, false]);
  });
});

describe('the fold as a function', () => {
  const fields = ['email', 'title', 'team'];
  const accountArbitrary = fc
    .record({
      integration: fc.constantFrom('hr', 'mail', 'chat', 'other'),
      vendorId: fc.constantFrom('1', '2', '3'),
      active: fc.boolean(),
      passive: fc.boolean(),
      values: fc.dictionary(fc.constantFrom(...fields), fc.option(fc.constantFrom('a', 'b', ''), { nil: null })),
    })
    .map(({ integration, vendorId, ...rest }) => account(integration, vendorId, rest));
  const accountsArbitrary = fc.uniqueArray(accountArbitrary, { selector: ({ _id }) => _id, maxLength: 6 });

  it('does not depend on the order of the accounts', () => {
    const pairs = accountsArbitrary.chain((accounts) =>
      fc.tuple(fc.constant(accounts), fc.shuffledSubarray(accounts, { minLength: accounts.length })),
    );
    fc.assert(fc.property(pairs, ([accounts, shuffled]) => expect(fold(shuffled)).toEqual(fold(accounts))));
  });

  it('changes nothing when it is done again', () => {
    fc.assert(
      fc.property(accountsArbitrary, (accounts) => {
        const once = fold(accounts);
        expect(fold(accounts, { previous: once })).toEqual(once);
      }),
    );
  });

  it('names for every value an account that has it, and for nothing else', () => {
    fc.assert(
      fc.property(accountsArbitrary, (accounts) => {
        const { values, provenance } = fold(accounts);
        expect(Object.keys(provenance).sort()).toEqual(Object.keys(values).sort());
        for (const [field, source] of Object.entries(provenance)) {
          const origin = accounts.find(({ _id }) => _id === source)!;
          expect(origin.passive).toBe(false);
          expect(origin.values[field]).toBe(values[field]);
        }
      }),
    );
  });

  it('never prefers an inactive account or a lower priority over one that has a value', () => {
    fc.assert(
      fc.property(accountsArbitrary, (accounts) => {
        const { provenance } = fold(accounts);
        const rank = (one: FoldAccount) => [
          one.active ? 0 : 1,
          settings.integrations[one.integration as 'hr']?.priority ?? Number.MAX_SAFE_INTEGER,
        ];
        for (const [field, source] of Object.entries(provenance)) {
          const origin = accounts.find(({ _id }) => _id === source)!;
          for (const other of accounts) {
            if (other.passive || (other.values[field] ?? null) === null) continue;
            const [a, b] = [rank(origin), rank(other)];
            expect(a[0]! < b[0]! || (a[0] === b[0] && a[1]! <= b[1]!)).toBe(true);
          }
        }
      }),
    );
  });
});
