import { describe, expect, it } from '@jest/globals';
import type { MatchingRules, Values } from '@rollcall/contracts';
import fc from 'fast-check';

import { type KeyField, keyOf } from './keys.js';
import { type Matching, matchPerson } from './match-person.js';

const email: KeyField = { field: 'email', kind: 'address' };
const badge: KeyField = { field: 'badge', kind: 'folded' };
const both = [email, badge];

type Linked = ReturnType<Matching['accountsOf']> extends Iterable<infer One> ? One : never;
type Owner = NonNullable<ReturnType<Matching['ownerOf']>>;

const account = (name: string, more: Partial<Linked> = {}): Linked => {
  const [integration, vendorId] = name.split(':') as [string, string];
  return { _id: name, integration, vendorId, active: true, values: {}, ...more };
};
const accountOf = (person: string | null, ...of: Parameters<typeof account>) => ({ ...account(...of), person });
const owner = (_id: string, more: Partial<Owner> = {}): Owner => ({
  _id,
  active: true,
  hold: null,
  values: {},
  ...more,
});
const adaMail = 'ada@example.com';

interface World {
  readonly owners?: Record<string, Owner>;
  readonly linked?: Record<string, Linked[]>;
  readonly waiting?: Record<string, Linked[]>;
  /** Of others, whoever holds the key. */
  readonly others?: ReturnType<typeof accountOf>[];
}
const ada = { [`email:${adaMail}`]: owner('ada'), 'badge:7': owner('ada'), 'badge:8': owner('bob') };

function matchIn(
  {
    owners = ada,
    linked = { ada: [account('hr:1', { values: { email: adaMail } })] },
    waiting = {},
    others = [],
  }: World,
  name: string,
  values: Values,
  more: { active?: boolean; keys?: readonly KeyField[]; rules?: MatchingRules } = {},
) {
  const matching: Matching = {
    ownerOf: (key) => owners[key],
    accountsOf: (person) => linked[person] ?? [],
    waitingFor: (person) => waiting[person] ?? [],
    withOtherKey: () => others,
  };
  const { active = true, keys = both, rules } = more;
  return matchPerson({ id: name, integration: name.split(':')[0]!, active, values }, keys, matching, rules);
}
const codeOf = (match: ReturnType<typeof matchIn>) => (match.kind === 'undecided' ? match.code : match.kind);
const hold = { by: 'operator', at: '2026-01-01T00:00:00.000Z', reason: 'test' };

describe('matching an account with a person (D5)', () => {
  it('finds nobody without a key that somebody holds', () => {
    expect(matchIn({}, 'mail:1', { email: 'new@example.com', badge: null })).toEqual({ kind: 'none' });
    expect(matchIn({}, 'mail:1', { email: ' ' })).toEqual({ kind: 'none' });
    expect(matchIn({}, 'mail:1', {})).toEqual({ kind: 'none' });
  });

  it('finds the person of another integration by any sync key, compared as keys are', () => {
    expect(matchIn({}, 'mail:1', { email: ' ADA@example.com' })).toEqual({
      kind: 'person',
      person: 'ada',
      by: 'email',
      isDormant: false,
    });
    expect(matchIn({}, 'mail:1', { email: adaMail, badge: '7' })).toEqual({
      kind: 'person',
      person: 'ada',
      by: 'email',
      isDormant: false,
    });
    expect(matchIn({ linked: { bob: [account('hr:2')] } }, 'mail:1', { badge: '8' })).toEqual({
      kind: 'person',
      person: 'bob',
      by: 'badge',
      isDormant: false,
    });
  });

  it('looks at the sync keys only', () => {
    expect(matchIn({}, 'mail:1', { badge: '8' }, { keys: [email] })).toEqual({ kind: 'none' });
  });

  it('waits for a decision when the keys belong to several people', () => {
    expect(matchIn({}, 'mail:1', { email: adaMail, badge: '8' })).toEqual({
      kind: 'undecided',
      code: 'several-matches',
      message: expect.stringContaining('2 different people'),
      candidates: ['ada', 'bob'],
    });
  });

  it('waits for a decision on a second account of the same integration, but knows the first again', () => {
    expect(matchIn({}, 'hr:2', { email: adaMail })).toMatchObject({
      kind: 'undecided',
      code: 'second-account',
      candidates: ['ada'],
      shared: { account: 'hr:1', field: 'email' },
    });
    expect(matchIn({}, 'hr:1', { email: adaMail })).toEqual({
      kind: 'person',
      person: 'ada',
      by: 'email',
      isDormant: false,
    });
  });

  it('says of a second account whether the first has the same value', () => {
    const linked = { ada: [account('hr:1', { values: { email: 'renamed@example.com' } })] };
    expect(matchIn({ linked }, 'hr:2', { email: adaMail })).not.toHaveProperty('shared');
  });
});

describe('a key that several users of one vendor have', () => {
  const mine = { email: adaMail };

  it('waits for a decision, for them and for accounts of other vendors', () => {
    const waiting = { ada: [account('hr:2', { values: { email: 'ADA@example.com' } })] };
    expect(matchIn({ waiting }, 'mail:1', mine)).toMatchObject({
      code: 'shared-key',
      candidates: ['ada'],
      message: expect.stringContaining('"email"'),
    });
    expect(codeOf(matchIn({ waiting: { ada: [account('mail:2', { values: mine })] } }, 'mail:1', mine))).toBe(
      'shared-key',
    );
    const two = { ada: [account('mail:2', { values: mine }), account('mail:3', { values: mine })] };
    expect(codeOf(matchIn({ linked: { ada: [account('hr:9')] }, waiting: two }, 'crm:1', mine))).toBe('shared-key');
  });

  it('is not shared by one who waits for another reason, is inactive, or is the account itself', () => {
    const others = [
      account('crm:2', { values: mine }),
      account('hr:2', { values: { email: 'other@example.com' } }),
      account('hr:3', { values: mine, active: false }),
      account('mail:1', { values: mine }),
    ];
    expect(codeOf(matchIn({ waiting: { ada: others } }, 'mail:1', mine))).toBe('person');
  });

  it('is no longer shared by accounts that somebody gave to the same person', () => {
    const linked = { ada: [account('hr:1', { values: mine }), account('hr:2', { values: mine })] };
    expect(codeOf(matchIn({ linked }, 'mail:1', mine))).toBe('person');
  });

  it('stays shared with whoever was first and has it, and with nobody who had it', () => {
    const waiting = { ada: [account('hr:2', { values: mine })] };
    const renamed = { ada: [account('hr:1', { values: { email: 'new@example.com' } })] };
    expect(codeOf(matchIn({ linked: renamed, waiting }, 'mail:1', mine))).toBe('person');
    const gone = { ada: [account('hr:1', { values: mine, active: false }), account('x:1')] };
    expect(codeOf(matchIn({ linked: gone, waiting }, 'mail:1', mine))).toBe('person');
  });
});

describe('a key that an account of somebody else has too', () => {
  const mailbox = { email: adaMail };
  const joining = (...others: ReturnType<typeof accountOf>[]) => matchIn({ others }, 'mail:1', mailbox);

  it('waits for a decision between them, whichever vendor said so', () => {
    const match = joining(
      accountOf('cyd', 'crm:1', { values: mailbox }),
      accountOf('bob', 'hr:2', { values: mailbox }),
    );
    expect(match).toMatchObject({ kind: 'undecided', code: 'shared-key', candidates: ['ada', 'bob', 'cyd'] });
  });

  it('is hers alone where the other account has another value by now, is inactive, is hers, or is nobody’s', () => {
    const others = [
      accountOf('bob', 'hr:2', { values: { email: 'bob@example.com' } }),
      accountOf('bob', 'hr:3', { values: mailbox, active: false }),
      accountOf('ada', 'hr:4', { values: mailbox }),
      accountOf(null, 'hr:5', { values: mailbox }),
    ];
    expect(joining(...others)).toMatchObject({ kind: 'person', person: 'ada' });
  });
});

describe('a match with somebody who left', () => {
  const left = { ada: [account('hr:1', { active: false }), account('crm:1', { active: false })] };
  const review: MatchingRules = { inactivePeople: 'review', differentNames: 'match' };

  it('waits for a decision, unless the mapping allows it', () => {
    expect(matchIn({ linked: left }, 'mail:1', { email: adaMail })).toMatchObject({
      code: 'left-person',
      candidates: ['ada'],
      message: expect.stringContaining('no active account'),
    });
    expect(codeOf(matchIn({ linked: left }, 'mail:1', { email: adaMail }, { rules: review }))).toBe('left-person');
    const allowed: MatchingRules = { inactivePeople: 'match', differentNames: 'review' };
    expect(codeOf(matchIn({ linked: left }, 'mail:1', { email: adaMail }, { rules: allowed }))).toBe('person');
  });

  it('is made for an account that is inactive too, which brings nobody back: the question comes once it is active', () => {
    const match = (more: { active?: boolean; rules?: MatchingRules }, linked: Record<string, Linked[]> = left) =>
      matchIn({ linked }, 'mail:1', { email: adaMail }, more);
    expect(match({ active: false })).toMatchObject({ kind: 'person', isDormant: true });
    const allowed: MatchingRules = { inactivePeople: 'match', differentNames: 'review' };
    expect(match({ active: false, rules: allowed })).toMatchObject({ kind: 'person', isDormant: false });
    const active = { ada: [account('hr:1')] };
    expect(match({ active: false }, active)).toMatchObject({ kind: 'person', isDormant: false });
    expect(match({ active: true }, active)).toMatchObject({ kind: 'person', isDormant: false });
  });

  it('is no such match while one account is active', () => {
    const linked = { ada: [...left.ada, account('erp:1')] };
    expect(codeOf(matchIn({ linked }, 'mail:1', { email: adaMail }))).toBe('person');
  });

  it('goes by the person where there is no account, or somebody decided whether they are active', () => {
    const of = (more: Partial<Owner>, linked: Record<string, Linked[]>) =>
      codeOf(matchIn({ owners: { [`email:${adaMail}`]: owner('ada', more) }, linked }, 'mail:1', { email: adaMail }));
    expect(of({ active: true }, {})).toBe('person');
    expect(of({ active: false }, {})).toBe('left-person');
    expect(of({ active: true, hold }, left)).toBe('person');
    expect(of({ active: false, hold }, { ada: [account('hr:1')] })).toBe('left-person');
    expect(of({ active: true }, left)).toBe('left-person');
  });
});

describe('a match with somebody of another name', () => {
  const owners = { [`email:${adaMail}`]: owner('ada', { values: { display_name: 'Ada Smith' } }) };
  const values = { email: adaMail, display_name: 'Bert Jones' };

  it('waits for a decision, unless the mapping allows it', () => {
    expect(matchIn({ owners }, 'mail:1', values)).toMatchObject({
      code: 'different-names',
      candidates: ['ada'],
      message: expect.stringContaining('no word in common'),
    });
    const allowed: MatchingRules = { inactivePeople: 'review', differentNames: 'match' };
    expect(codeOf(matchIn({ owners }, 'mail:1', values, { rules: allowed }))).toBe('person');
    expect(codeOf(matchIn({ owners }, 'mail:1', { ...values, display_name: 'Ada Jones' }))).toBe('person');
  });

  it('is still a second account, a shared key or a leaver first', () => {
    expect(codeOf(matchIn({ owners }, 'hr:2', values))).toBe('second-account');
    const waiting = { ada: [account('hr:2', { values })] };
    const linked = { ada: [account('hr:1', { values, active: false })] };
    expect(codeOf(matchIn({ owners, waiting }, 'mail:1', values))).toBe('shared-key');
    expect(codeOf(matchIn({ owners, linked }, 'mail:1', values))).toBe('left-person');
  });
});

describe('whatever the values are', () => {
  const value = fc.oneof(
    fc.constantFrom(
      'n/a',
      'N/A',
      '-',
      'none',
      'null',
      'Unknown',
      ' ',
      '\u200b',
      '\u3164',
      'info',
      'x@',
      '@x',
      'a@b',
      '',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.emailAddress(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );

  it('nobody is joined by a value of an e-mail field that is no address', () => {
    fc.assert(
      fc.property(value, value, (first, second) => {
        // As people are made: whoever's first account made them holds its keys.
        const key = keyOf(email, first);
        const owners = key === null ? {} : { [key]: owner('first') };
        const linked = { first: [account('hr:1', { values: { email: first } })] };
        const match = matchIn({ owners, linked }, 'mail:1', { email: second }, { keys: [email] });
        if (match.kind === 'none') return;
        for (const one of [first, second]) expect(String(one)).toMatch(/[^@\s]@[^@\s]+\.[^@\s]/u);
      }),
    );
  });
});
