import { describe, expect, it } from '@jest/globals';
import { buildPinned, buildUser } from '@rollcall/testing';

import { buildAccount, buildCreated, buildReading } from '../../test/build-documents.js';
import type { FoldSession } from '../people/fold-session.js';
import type { AppliedLines } from '../previews/previews.service.js';
import type { Candidate } from './mapped-slice.js';
import { emptySeen } from './seen-chunk.js';
import {
  differsFromSource,
  effectOf,
  isLookedAt,
  isSameButObserved,
  matchesPreview,
  noteReturn,
  ruleOf,
  wasMatchedBy,
  withKept,
  type Work,
} from './slice-work.js';

const slice = {
  kind: 'records',
  integration: 'acme',
  generation: 1,
  run: 'run-2',
  messages: [],
  first: { offset: 7, digest: '' },
  last: { offset: 7, digest: '' },
} as const;
const workOf = (applied: AppliedLines | null): Work =>
  ({ applied, seen: emptySeen(slice, new Date(0)), rules: new Map() }) as unknown as Work;

describe('who is looked at', () => {
  const reading = (preference: 'create-only' | 'create-and-update' | 'update-only') =>
    buildReading({ pinned: buildPinned({ preference }) });
  const known = { hash: 'a', passive: false, person: 'p' };

  it('is whoever has another hash, or none, or is not known', () => {
    expect(isLookedAt(known, 'a', reading('create-and-update'))).toBe(false);
    expect(isLookedAt(known, 'b', reading('create-and-update'))).toBe(true);
    expect(isLookedAt({ ...known, hash: null }, 'a', reading('create-and-update'))).toBe(true);
    expect(isLookedAt(undefined, 'a', reading('create-and-update'))).toBe(true);
  });

  it('is whoever adds nothing to their person, unless the run is Create only', () => {
    const passive = { ...known, passive: true };
    expect(isLookedAt(passive, 'a', reading('create-and-update'))).toBe(true);
    expect(isLookedAt(passive, 'a', reading('update-only'))).toBe(true);
    expect(isLookedAt(passive, 'a', reading('create-only'))).toBe(false);
  });
});

describe('an account before and after', () => {
  it('is reactivated only if it was inactive and is active', () => {
    const [on, off] = [buildAccount(), buildAccount({ active: false })];
    expect([effectOf(off, on), effectOf(on, on), effectOf(off, off), effectOf(on, off)]).toEqual([
      'reactivate',
      'update',
      'update',
      'update',
    ]);
  });

  it('is the same whenever it was observed', () => {
    expect(isSameButObserved(buildAccount(), buildAccount({ observedAt: 9 }))).toBe(true);
    expect(isSameButObserved(buildAccount(), buildAccount({ hash: null }))).toBe(false);
    expect(isSameButObserved(buildAccount(), buildAccount({ values: { email: 'x' } }))).toBe(false);
  });

  it('differs from a source that says the opposite, and not from one that says nothing', () => {
    const says = (status: 'active' | 'inactive' | 'unknown') => buildUser('1', { status });
    expect([true, false].map((active) => differsFromSource(active, says('active')))).toEqual([false, true]);
    expect([true, false].map((active) => differsFromSource(active, says('inactive')))).toEqual([true, false]);
    expect([true, false].map((active) => differsFromSource(active, says('unknown')))).toEqual([false, false]);
  });
});

describe('an account that was matched in this run', () => {
  const made = buildCreated({ cause: { kind: 'run', run: 'run-2', integration: 'acme', initial: false } });
  const matched = (account: Parameters<typeof buildAccount>[0], others = ['crm:1'], run = 'run-2') =>
    wasMatchedBy(buildAccount({ created: made, ...account }), run, {
      accountsOf: (person: string) => (person === 'person-1' ? ['acme:1', ...others].map((_id) => ({ _id })) : []),
    } as unknown as FoldSession);

  it('came to a person who has other accounts', () => {
    expect(matched({})).toBe(true);
    expect(matched({}, [])).toBe(false);
  });

  it('was not linked before, by hand, by another run, or to nobody', () => {
    expect(matched({ created: buildCreated() })).toBe(false);
    expect(matched({}, ['crm:1'], 'run-3')).toBe(false);
    expect(matched({ hash: null })).toBe(false);
    expect(matched({ person: null })).toBe(false);
    const command = buildCreated({ cause: { kind: 'command', command: 'run-2', actor: 'operator' } });
    expect(matched({ created: command })).toBe(false);
  });
});

describe('what a preview foretold (E7)', () => {
  const line = { inline: 'update', staged: null, person: 'p', isNewPerson: false } as const;
  const work = workOf(
    new Map<string, NonNullable<ReturnType<AppliedLines['get']>>>([
      ['acme:1', line],
      ['acme:2', { ...line, inline: 'create', person: 'made', isNewPerson: true }],
      ['acme:3', { ...line, person: null }],
    ]),
  );

  it('is anything for a run that applies none', () => {
    expect(matchesPreview(workOf(null), 'acme:9', 'create', 'anybody')).toBe(true);
  });

  it('is the same effect on the same account with the same person', () => {
    expect(matchesPreview(work, 'acme:1', 'update', 'p')).toBe(true);
    expect(matchesPreview(work, 'acme:1', 'reactivate', 'p')).toBe(false);
    expect(matchesPreview(work, 'acme:1', 'update', 'other')).toBe(false);
    expect(matchesPreview(work, 'acme:9', 'update', 'p')).toBe(false);
  });

  it('of a person who did not exist is that nobody is matched, and of one that waits that it waits', () => {
    expect(matchesPreview(work, 'acme:2', 'create', 'none')).toBe(true);
    expect(matchesPreview(work, 'acme:2', 'create', 'made')).toBe(false);
    expect(matchesPreview(work, 'acme:3', 'update', 'undecided')).toBe(true);
    expect(matchesPreview(work, 'acme:3', 'update', 'none')).toBe(false);
  });
});

describe('why an account is where it is', () => {
  it('is its match', () => {
    const keys = [
      { field: 'email', kind: 'address' },
      { field: 'badge', kind: 'folded' },
    ] as const;
    expect(ruleOf({ kind: 'person', person: 'p', by: 'badge', isDormant: false }, keys)).toMatchObject({
      code: 'matched',
      text: expect.stringContaining('"badge"'),
    });
    expect(ruleOf({ kind: 'none' }, keys)).toMatchObject({
      code: 'no-match',
      text: expect.stringContaining('(email, badge)'),
    });
    const undecided = { kind: 'undecided', code: 'left-person', message: 'Somebody left.', candidates: ['p'] } as const;
    expect(ruleOf(undecided, keys)).toEqual({ code: 'undecided', text: 'Somebody left.' });
  });

  it('is that it was seen again, unless there is a better reason; either way it counts', () => {
    const work = workOf(null);
    work.rules.set('acme:1', { code: 'matched', text: 'test' });
    noteReturn(work, 'acme:1');
    noteReturn(work, 'acme:2');
    expect(work.seen.reactivated).toBe(2);
    expect([...work.rules.values()].map(({ code }) => code)).toEqual(['matched', 'seen-again']);
  });
});

describe('a field that could not be made', () => {
  const candidate = (failures: Candidate['failures'], values: Candidate['values']): Candidate => ({
    user: buildUser('1'),
    values,
    keys: new Map(),
    hash: 'h',
    askedAt: 1,
    offset: 1,
    failures,
  });
  const failure = { to: 'title', code: 'mapping-failed', message: 'test' } as const;

  it('keeps the value that it had, and the others their new ones', () => {
    const before = buildAccount({ values: { title: 'Old', email: 'old@example.com' } });
    const kept = withKept(candidate([failure], { title: null, email: 'new@example.com' }), before);
    expect(kept.values).toEqual({ title: 'Old', email: 'new@example.com' });
    expect(withKept(candidate([failure], { title: null }), buildAccount({ values: {} })).values).toEqual({
      title: null,
    });
    const whole = candidate([], { title: null });
    expect(withKept(whole, before)).toBe(whole);
  });
});
