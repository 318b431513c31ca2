import { describe, expect, it } from '@jest/globals';

import { defaultSchedule } from '../slots/next-slot.js';
import { changedSettings, freePriority, integrationRecordOf, newIntegration } from './new-integration.js';

const chosen = { load: 'users', partition: 3, priority: 20, at: new Date('2026-11-20T10:00:00.000Z'), by: 'ada' };
const input = { id: 'acme', connector: 'vendor', load: null, name: 'Acme' };

describe('a new integration', () => {
  it('is a draft with the defaults of what was left out, and deactivates nobody (R44, R54)', () => {
    expect(newIntegration(input, chosen)).toMatchObject({
      state: 'draft',
      content: 'user-and-saas-user',
      preference: 'create-and-update',
      deactivate: { enabled: false, onHold: false },
      authoritative: false,
      priority: 20,
      partition: 3,
      schedule: defaultSchedule('acme'),
      nextSlotAt: null,
      deactivationLimit: { percent: 5, atLeast: 5, atMost: 500, weeklyPercent: 20 },
      edited: { by: 'ada', at: chosen.at },
      openRun: null,
    });
  });

  it('keeps what was given', () => {
    const given = { ...input, priority: 5, content: 'user' as const, deactivate: true };
    expect(newIntegration(given, chosen)).toMatchObject({
      priority: 5,
      content: 'user',
      deactivate: { enabled: true },
    });
  });

  it('is published without what only sync-runner needs', () => {
    expect(Object.keys(integrationRecordOf(newIntegration(input, chosen)))).not.toContain('lastGeneration');
  });
});

describe('an update', () => {
  it('names only what was given (R24)', () => {
    expect(changedSettings({ id: 'acme', ifVersion: null, name: 'New' })).toEqual({ name: 'New' });
    expect(changedSettings({ id: 'acme', ifVersion: 1 })).toEqual({});
  });

  it('lifts the hold of an undo when a person sets the switch (E5)', () => {
    const change = changedSettings({ id: 'acme', ifVersion: null, deactivate: true });
    expect(change).toEqual({ deactivate: { enabled: true, onHold: false } });
  });
});

describe('the next free priority', () => {
  it.each([
    [[], 10],
    [[10, 20], 30],
    [[15], 20],
    [[10, 1000], 20],
    [Array.from({ length: 100 }, (_, index) => (index + 1) * 10), 1000],
  ])('after %j is %i', (used, expected) => {
    expect(freePriority(used)).toBe(expected);
  });
});
