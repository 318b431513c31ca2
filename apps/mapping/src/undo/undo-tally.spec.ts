import { describe, expect, it } from '@jest/globals';
import type { AccountDocument, PersonDocument } from '@rollcall/collections';
import { nothingUndone, type UndoReason } from '@rollcall/contracts';

import { buildAccount, buildPerson } from '../../test/build-documents.js';
import { ChangeSet } from '../changes/change-set.js';
import type { UndoEffect } from './undo-effects.js';
import { lineOf } from './undo-lines.js';
import type { PlannedUndo } from './undo-planner.js';
import { UndoTally } from './undo-tally.js';

const at = '2026-02-01T00:00:00.000Z';
const origin = { position: 'p', time: at, cause: { kind: 'undo' as const, run: 'run-1', integration: 'acme' } };
const none = { count: 0, samples: [] };

function page(overrides: Partial<PlannedUndo> = {}): PlannedUndo {
  return { set: new ChangeSet(), accounts: [], lines: [], counts: nothingUndone, ...overrides };
}

function told(...pages: [page: PlannedUndo, looked: number][]) {
  const tally = new UndoTally();
  for (const [one, looked] of pages) tally.add(one, looked);
  return tally.told();
}

const affected = (effects: UndoEffect[], account: Partial<AccountDocument> = {}) => ({
  account: buildAccount(account),
  effects,
});

function keeping(name: string, ...reasons: UndoReason[]) {
  const left = reasons.map((reason) => ({ field: null, reason, by: null, at: null }));
  return lineOf('run-1', name, buildAccount({ username: name }), left, new Date(at));
}

function changed(before: Partial<PersonDocument>, after: Partial<PersonDocument>): PlannedUndo {
  const set = new ChangeSet();
  set.replacePerson(buildPerson(before), buildPerson(after), origin);
  return page({ set });
}

describe('what a preview of an undo tells', () => {
  it('is nothing of a run that did nothing', () => {
    const accounts = { restored: none, unlinked: none, takenBack: none, reactivated: none, deactivated: none };
    const people = { reactivated: none, deactivated: none, undone: none };
    expect(told()).toEqual({ accounts: 0, ...accounts, people, left: [] });
  });

  it('adds up the accounts of all pages, each under every effect, by user name or the id at the vendor', () => {
    const first = page({ accounts: [affected(['restored', 'unlinked'], { username: 'ada' })] });
    const second = page({ accounts: [affected(['restored', 'takenBack'], { username: null, vendorId: '7' })] });
    expect(told([first, 3], [second, 4])).toMatchObject({
      accounts: 7,
      restored: { count: 2, samples: ['ada', '7'] },
      unlinked: { count: 1, samples: ['ada'] },
      takenBack: { count: 1, samples: ['7'] },
    });
  });

  it('counts everything, and names the first twenty', () => {
    const names = Array.from({ length: 21 }, (_, index) => `user-${index}`);
    const { deactivated } = told([
      page({ accounts: names.map((username) => affected(['deactivated'], { username })) }),
      21,
    ]);
    expect(deactivated).toEqual({ count: 21, samples: names.slice(0, 20) });
  });

  it('counts an account once for each reason for which it keeps something', () => {
    const lines = [keeping('ada', 'changed-since', 'changed-since', 'held'), keeping('bob', 'held')];
    expect(told([page({ lines }), 2]).left).toEqual([
      { reason: 'changed-since', count: 1, samples: ['ada'] },
      { reason: 'held', count: 2, samples: ['ada', 'bob'] },
    ]);
  });

  const named = { values: { display_name: 'Ada' } };
  const undone = { run: 'run-1', at };
  const one = { count: 1, samples: ['Ada'] };

  it.each([
    ['active again', { ...named, active: false }, named, { reactivated: one, deactivated: none, undone: none }],
    ['inactive again', named, { ...named, active: false }, { reactivated: none, deactivated: one, undone: none }],
    ['as they were', named, named, { reactivated: none, deactivated: none, undone: none }],
    ['undone', named, { ...named, undone }, { reactivated: none, deactivated: none, undone: one }],
    [
      'undone before',
      { ...named, undone },
      { ...named, undone },
      { reactivated: none, deactivated: none, undone: none },
    ],
    ['there again', { ...named, undone }, named, { reactivated: none, deactivated: none, undone: none }],
  ])('says of people who are %s', (_what, before, after, people) => {
    expect(told([changed(before, after), 1]).people).toEqual(people);
  });
});
