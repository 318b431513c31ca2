import { describe, expect, it } from '@jest/globals';
import type { AccountDocument } from '@rollcall/collections';
import { nothingUndone } from '@rollcall/contracts';

import { buildAccount } from '../../test/build-documents.js';
import { ChangeSet } from '../changes/change-set.js';
import { countsOf, effectsOf, type UndoEffect } from './undo-effects.js';
import { lineOf } from './undo-lines.js';

const at = '2026-02-01T00:00:00.000Z';
const origin = { position: 'p', time: at, cause: { kind: 'undo' as const, run: 'run-1', integration: 'acme' } };
const role = { value: 'Admin', origin: 'vendor' as const };
const swept = { active: false, deactivated: { run: 'run-1', time: at } };

/** Effects of an undo that turns one account into another. */
function effects(before: Partial<AccountDocument>, after: Partial<AccountDocument>) {
  const set = new ChangeSet();
  set.replaceAccount(buildAccount(before), buildAccount(after), origin);
  return effectsOf(set).map((one) => one.effects);
}

describe('what an undo did to an account', () => {
  it.each([
    ['has another value', { values: { email: 'new@example.com' } }, {}, ['restored']],
    ['has another role', { role }, {}, ['restored']],
    ['is active again, and nothing else follows from its deactivation', swept, {}, ['reactivated']],
    ['is inactive again', {}, swept, ['deactivated']],
    [
      'belongs to nobody again, with the error that says why',
      { passive: true },
      { person: null, error: { code: 'several-matches', message: '', candidates: [] } },
      ['unlinked'],
    ],
    ['belonged to nobody before either', { person: null, role }, { person: null }, ['restored']],
    ['belongs to somebody again, which has no count', { person: null }, {}, []],
    ['belongs to somebody else again, which has no count', { person: 'person-2' }, {}, []],
    ['is all of it', { ...swept, role }, { person: null }, ['restored', 'unlinked', 'reactivated']],
    ['is taken out, whatever else changes', {}, { ...swept, person: null, retired: { by: 'ada', at } }, ['takenBack']],
    [
      'has other values although it was taken out long ago',
      { retired: { by: 'ada', at }, role },
      { retired: { by: 'ada', at } },
      ['restored'],
    ],
  ] as [string, Partial<AccountDocument>, Partial<AccountDocument>, UndoEffect[]][])(
    '%s',
    (_what, before, after, expected) => {
      expect(effects(before, after)).toEqual([expected]);
    },
  );

  it('is nothing where only its hash or the time of its observation is written', () => {
    expect(effects({}, { hash: null, observedAt: 2 })).toEqual([]);
  });

  it('is counted by effect, beside the accounts that keep something', () => {
    const account = buildAccount();
    const left = (reason: 'held' | 'changed-since') => [{ field: null, reason, by: null, at: null }];
    const line = (reason: 'held' | 'changed-since') => lineOf('run-1', 'acme:1', account, left(reason), new Date(at));
    const done = [
      { account, effects: ['restored', 'unlinked'] as const },
      { account, effects: ['restored'] as const },
    ];
    const lines = [line('held'), line('changed-since'), line('changed-since')];
    const counts = { ...nothingUndone, restored: 2, unlinked: 1, skipped: 1, conflicts: 2 };
    expect(countsOf(done, lines)).toEqual(counts);
    expect(nothingUndone.restored).toBe(0);
  });
});
