import { describe, expect, it } from '@jest/globals';
import { isEnded, runEndStates, runStates } from '@rollcall/contracts';

import { mayBecome, openStates, requireTransition, transitions } from './run-state.js';

describe('states of a run (A1)', () => {
  it('knows every state, and end states lead nowhere', () => {
    expect(Object.keys(transitions).sort()).toEqual([...runStates].sort());
    for (const state of runEndStates) expect(transitions[state]).toEqual([]);
    expect(openStates.every((state) => !isEnded(state))).toBe(true);
    expect(openStates.length + runEndStates.length).toBe(runStates.length);
  });

  it('sweeps only after judging, and judges only after reading', () => {
    expect(runStates.filter((state) => mayBecome(state, 'sweeping'))).toEqual(['judging']);
    expect(runStates.filter((state) => mayBecome(state, 'judging'))).toEqual(['reading']);
  });

  it('cannot fail, hold or cancel a run whose sweep may be under way (A12)', () => {
    for (const state of ['failed', 'held', 'cancelled'] as const) expect(mayBecome('sweeping', state)).toBe(false);
    expect(() => requireTransition('sweeping', 'cancelled')).toThrow('cannot go from sweeping to cancelled');
  });

  it('reaches an end from every open state', () => {
    for (const state of openStates)
      expect(transitions[state].some((next) => isEnded(next) || next !== state)).toBe(true);
  });
});
