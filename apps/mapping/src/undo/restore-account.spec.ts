import { describe, expect, it } from '@jest/globals';

import { buildAccount } from '../../test/build-documents.js';
import type { RecordHistory, Since, TouchedField } from './record-history.js';
import { restoreAccount, type Surroundings } from './restore-account.js';

const since: Since = { cause: { kind: 'command', command: 'c', actor: 'ada' }, time: '2026-02-01T00:00:00.000Z' };
const hold = { by: 'ada', at: '2026-02-01T00:00:00.000Z', reason: 'test' };

function history(fields: Record<string, TouchedField>, isCreation = false): RecordHistory {
  return { isCreation, isUndone: false, fields: new Map(Object.entries(fields)) };
}
const untouched = (old: unknown): TouchedField => ({ old, since: null });
const around = (overrides: Partial<Surroundings> = {}): Surroundings => ({
  isProtected: false,
  editedPerson: null,
  isFormerPersonMerged: false,
  ...overrides,
});
const sweptBy = { run: 'run-2', time: '2026-01-02T00:00:00.000Z' };
const swept = history({ active: untouched(true), deactivated: untouched(null) });
const foundAgain = history({
  active: untouched(false),
  deactivated: untouched(sweptBy),
  'values.email': untouched('old'),
});

describe('an account whose run is undone', () => {
  it('is active again with everything else as it was', () => {
    const account = buildAccount({ active: false, deactivated: sweptBy });
    expect(restoreAccount(account, swept, around()).draft).toEqual({ ...account, active: true, deactivated: null });
  });

  it('is inactive again as it was, with the deactivation of before', () => {
    const { draft, left } = restoreAccount(buildAccount(), foundAgain, around());
    expect(draft).toMatchObject({ active: false, deactivated: sweptBy, values: { email: 'old' } });
    expect(left).toEqual([]);
  });

  it('keeps its active state both ways while it is held, and is restored else', () => {
    const back = restoreAccount(buildAccount({ active: false, deactivated: sweptBy, hold }), swept, around());
    expect(back).toMatchObject({ left: [{ field: 'active', reason: 'held' }] });
    expect(back.draft?.active ?? false).toBe(false);
    const again = restoreAccount(buildAccount({ hold }), foundAgain, around());
    expect(again).toMatchObject({ draft: { active: true, deactivated: null, values: { email: 'old' } } });
    expect(again.left).toMatchObject([{ field: 'active', reason: 'held' }]);
  });

  it('is asked about again before it is active, when that was open before the run', () => {
    const asked = history({ active: untouched(false), person: untouched('p'), error: untouched(null) });
    const { draft } = restoreAccount(buildAccount({ person: null, dormant: true }), asked, around());
    expect(draft).toMatchObject({ active: false, person: 'p', dormant: true });
  });

  it('is never made inactive while it is protected, but active at any time', () => {
    const stays = restoreAccount(buildAccount(), foundAgain, around({ isProtected: true }));
    expect(stays.draft).toMatchObject({ active: true, values: { email: 'old' } });
    expect(stays.left).toMatchObject([{ field: 'active', reason: 'protected' }]);
    const account = buildAccount({ active: false, deactivated: sweptBy });
    expect(restoreAccount(account, swept, around({ isProtected: true })).draft?.active).toBe(true);
  });

  it('keeps what is one fact together when somebody changed a part of it', () => {
    const changed = history({ active: untouched(true), deactivated: { old: null, since } });
    const account = buildAccount({ active: false, deactivated: sweptBy });
    const { draft, left } = restoreAccount(account, changed, around());
    expect(draft).toBeNull();
    expect(left.map(({ field, by }) => [field, by])).toEqual([
      ['active', since.cause],
      ['deactivated', since.cause],
    ]);
  });

  it('belongs to nobody again when the run linked it, with the error that it had', () => {
    const error = { code: 'several-matches', message: 'Choose one.', candidates: ['a', 'b'] };
    const linked = history({ person: untouched(null), error: untouched(error) });
    expect(restoreAccount(buildAccount(), linked, around()).draft).toMatchObject({ person: null, error });
  });

  it('stays with a person whom the run made for it, if somebody has edited them', () => {
    const linked = history({ person: untouched(null), 'values.email': untouched('old') });
    const { draft, left } = restoreAccount(buildAccount(), linked, around({ editedPerson: { overrides: {}, hold } }));
    expect(draft).toMatchObject({ person: 'person-1', values: { email: 'old' } });
    expect(left).toMatchObject([{ field: 'person', reason: 'person-edited' }]);
  });

  it('keeps its link, and is no longer said to wait, when somebody decided whose it is or the link stays', () => {
    const error = { code: 'several-matches', message: 'Choose one.', candidates: ['a', 'b'] };
    const given = history({ person: { old: null, since }, error: untouched(error), 'values.email': untouched('old') });
    const { draft, left } = restoreAccount(buildAccount(), given, around());
    expect(draft).toMatchObject({ person: 'person-1', error: null, values: { email: 'old' } });
    expect(left).toMatchObject([
      { field: 'person', reason: 'changed-since', by: since.cause },
      { field: 'error', reason: 'changed-since', by: since.cause },
    ]);
    const linked = history({ person: untouched(null), error: untouched(error) });
    const edited = restoreAccount(buildAccount(), linked, around({ editedPerson: { overrides: {}, hold } }));
    expect(edited).toMatchObject({ draft: null, left: [{ field: 'person', reason: 'person-edited' }] });
  });

  it('belongs to nobody again although another error was found since', () => {
    const error = { code: 'several-matches', message: 'Choose one.', candidates: ['a', 'b'] };
    const linked = history({ person: untouched(null), error: { old: error, since } });
    const { draft, left } = restoreAccount(buildAccount(), linked, around());
    expect(draft).toMatchObject({ person: null, error });
    expect(left).toEqual([]);
  });

  it('does not go back to somebody who was merged into somebody else, and says so', () => {
    const moved = history({ person: untouched('merged'), 'values.email': untouched('old') });
    const { draft, left } = restoreAccount(buildAccount(), moved, around({ isFormerPersonMerged: true }));
    expect(draft).toMatchObject({ person: 'person-1', values: { email: 'old' } });
    expect(left).toMatchObject([{ field: 'person', reason: 'person-merged' }]);
  });

  it('stays when it was taken away meanwhile', () => {
    const account = buildAccount({ retired: { by: 'ada', at: since.time } });
    expect(restoreAccount(account, swept, around())).toMatchObject({ draft: null, left: [{ reason: 'retired' }] });
  });

  it.each([
    ['held', { hold }, {}],
    ['protected', {}, { isProtected: true }],
    ['person-edited', {}, { editedPerson: { overrides: {}, hold } }],
  ])('that it made is not taken back when it or its person is %s', (reason, account, surroundings) => {
    const made = restoreAccount(buildAccount(account), history({}, true), around(surroundings));
    expect(made).toMatchObject({ takesBack: false, draft: null, left: [{ field: null, reason }] });
  });

  it('that it made is taken back, and nothing is left of it', () => {
    const made = restoreAccount(buildAccount(), history({}, true), around());
    expect(made).toEqual({ draft: null, takesBack: true, left: [] });
  });

  it('keeps the error that somebody else found since, if the run did not link it', () => {
    const error = { code: 'several-matches', message: 'Choose one.', candidates: ['a', 'b'] };
    const other = history({ error: { old: error, since } });
    const left = [{ field: 'error', reason: 'changed-since', by: since.cause, at: since.time }];
    expect(restoreAccount(buildAccount(), other, around())).toEqual({ draft: null, takesBack: false, left });
  });

  it('has its values back although it is held, and hears nothing of its active state where that stays', () => {
    const values = { 'values.email': untouched('old') };
    for (const fields of [values, { ...values, active: untouched(true) }]) {
      const { draft, left } = restoreAccount(buildAccount({ hold }), history(fields), around());
      expect(draft).toMatchObject({ active: true, values: { email: 'old' } });
      expect(left).toEqual([]);
    }
  });
});
