import { describe, expect, it } from '@jest/globals';
import { runStates, type RunUndone } from '@rollcall/contracts';

import { isStillNeeded, type Referred } from './needed-runs.js';

const nothing: Referred = { named: new Set(), newest: new Set() };
const run = { _id: 'r', state: 'completed' as const, undo: null, undone: null };
const undo = { requestedBy: 'ada', requestedAt: '2026-11-05T08:00:00.000Z', sentAt: null };
const undone = { ...undo, paused: false, afterwards: '', counts: null };

describe('an old run', () => {
  it('may go once it has ended, and no sooner', () => {
    const open = runStates.filter((state) => isStillNeeded({ ...run, state }, nothing));
    expect(open).toEqual(['planned', 'reading', 'judging', 'sweeping']);
  });

  it('stays while an open plan names it, or while it is the one that the next run is compared with', () => {
    expect(isStillNeeded(run, { ...nothing, named: new Set(['r']) })).toBe(true);
    expect(isStillNeeded(run, { ...nothing, newest: new Set(['r']) })).toBe(true);
  });

  it('stays while it is being undone, and may go when that is done', () => {
    const asked: RunUndone = { ...undone, doneAt: null };
    expect(isStillNeeded({ ...run, undo, undone: asked }, nothing)).toBe(true);
    expect(isStillNeeded({ ...run, undo, undone: { ...asked, doneAt: undo.requestedAt } }, nothing)).toBe(false);
  });
});
