import { describe, expect, it } from '@jest/globals';

import {
  afterUndo,
  nothingUndone,
  runUndoneSchema,
  undoConflictSchema,
  undoneInWords,
  undoneText,
  undoPreviewSchema,
  undoReasonSchema,
} from './undo.js';

const integration = { name: 'Staff', isPaused: false, openRun: null, nextRunAt: '2026-03-01T02:30:00.000Z' };

describe('what follows an undo, in words', () => {
  it('says that the next run brings the same again, when it comes, and what to do', () => {
    expect(afterUndo(integration)).toBe(
      '"Staff" deactivates nobody until a person turns Deactivate on again. The next run, planned for ' +
        '2026-03-01T02:30:00.000Z, writes the same values again if vendor and mapping are as they were. Correct the ' +
        'mapping or the cause at the vendor before it, or pause the integration.',
    );
  });

  it('gives no time for the next run where none is planned', () => {
    expect(afterUndo({ ...integration, nextRunAt: null })).toContain('again. The next run writes the same values');
  });

  it('names a run that is open right now, even if the integration is paused', () => {
    for (const isPaused of [true, false]) {
      expect(afterUndo({ ...integration, isPaused, openRun: 'run-9' })).toContain('Run run-9 is still open');
    }
  });

  it('asks for the correction before a paused integration is launched again', () => {
    expect(afterUndo({ ...integration, isPaused: true, nextRunAt: null })).toContain(
      'before you launch or run it again',
    );
  });

  it('expects nothing of an integration that was taken away', () => {
    expect(afterUndo(null)).toContain('was deleted');
  });
});

describe('what an undo did, in words', () => {
  it('is only what happened, with one account in the singular', () => {
    expect(undoneInWords({ ...nothingUndone, reactivated: 3, restored: 1 }).done).toBe(
      '3 accounts are active again, 1 account has its old values again',
    );
    expect(undoneInWords({ ...nothingUndone, deactivated: 1, unlinked: 2, takenBack: 1 }).done).toBe(
      '1 account is inactive again, 2 accounts belong to nobody again, 1 new account was taken out',
    );
  });

  it('counts together what was left, for whatever reason', () => {
    expect(undoneInWords({ ...nothingUndone, skipped: 1, conflicts: 1 }).left).toMatch(/^2 accounts keep something/);
    expect(undoneInWords({ ...nothingUndone, conflicts: 1 }).left).toMatch(/^1 account keeps something/);
  });

  it('is empty when nothing happened and nothing was left', () => {
    expect(undoneInWords(nothingUndone)).toEqual({ done: '', left: '' });
  });

  const undone = { requestedBy: 'ada', requestedAt: '2026-11-20T08:00:00.000Z', paused: false, afterwards: '' };
  const doneAt = '2026-11-20T08:00:05.000Z';

  it('answers a second undo, and asks for work by hand only where something is left', () => {
    const start = 'Run run-1 was undone already, by ada at 2026-11-20T08:00:00.000Z';
    const counts = { ...nothingUndone, reactivated: 1 };
    expect(undoneText('run-1', { ...undone, doneAt, counts })).toBe(
      `${start}: 1 account is active again. There is nothing more to undo.`,
    );
    expect(undoneText('run-1', { ...undone, doneAt, counts: nothingUndone })).toBe(
      `${start}. There is nothing more to undo.`,
    );
    expect(undoneText('run-1', { ...undone, doneAt, counts: { ...counts, skipped: 1 } })).toMatch(
      /active again\. 1 account keeps something, .* Correct what is left by hand\.$/,
    );
  });

  it('answers a second undo that comes before the first is through, or whose first is no longer known', () => {
    const start = 'Run run-1 was undone already';
    expect(undoneText('run-1', { ...undone, doneAt: null, counts: null })).toMatch(/still being carried out/);
    expect(undoneText('run-1', null)).toBe(`${start}. There is nothing more to undo.`);
  });
});

describe('what is told of an undo', () => {
  const left = { field: 'person', reason: 'person-merged', by: null, at: '2026-11-20T08:00:00.000Z' };
  const counted = { count: 2, samples: ['ada', 'bob'] };
  const none = { count: 0, samples: [] };
  const people = { reactivated: counted, deactivated: none, undone: none };
  const preview = {
    ...{ run: 'run-1', integration: 'acme', isComplete: true, accounts: 2, afterwards: 'Correct the mapping.' },
    ...{ restored: counted, unlinked: none, takenBack: none, reactivated: none, deactivated: none, people },
    left: [{ ...counted, reason: 'held' }],
  };
  const conflict = { id: 'run-1/acme:1', account: 'acme:1', name: 'ada', person: null, state: 'skipped', left: [left] };

  it('arrives as it was sent, with every reason that an undo knows', () => {
    expect(undoPreviewSchema.parse(preview)).toEqual(preview);
    const begun = {
      requestedBy: 'ada',
      requestedAt: left.at,
      paused: true,
      afterwards: '',
      doneAt: null,
      counts: null,
    };
    expect(runUndoneSchema.parse(begun)).toEqual(begun);
    for (const reason of undoReasonSchema.options) {
      const one = { ...conflict, left: [{ ...left, reason }] };
      expect(undoConflictSchema.parse(one)).toEqual(one);
    }
  });

  it.each([
    ['a preview without its groups of people', undoPreviewSchema, { ...preview, people: {} }],
    ['a group without a count', undoPreviewSchema, { ...preview, restored: { samples: [] } }],
    ['a preview of unknown reasons', undoPreviewSchema, { ...preview, left: [{ ...counted, reason: 'moon' }] }],
    ['an account of another state', undoConflictSchema, { ...conflict, state: 'done' }],
  ])('is refused where it is %s', (_what, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});
