import { describe, expect, it } from '@jest/globals';

import { afterUndo } from './undo.js';

const integration = { name: 'Staff', isPaused: false, openRun: null, nextRunAt: '2026-03-01T02:30:00.000Z' };

describe('what follows an undo, in words', () => {
  it('says that the next run brings the same again, when it comes, and what to do', () => {
    expect(afterUndo(integration)).toBe(
      '"Staff" deactivates nobody until a person turns Deactivate on again. The next run, planned for ' +
        '2026-03-01T02:30:00.000Z, writes the same values again if vendor and mapping are as they were. Correct the ' +
        'mapping or the cause at the vendor before it, or pause the integration.',
    );
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
