import { describe, expect, it } from '@jest/globals';

import { identifyProcess, isSameProcess, parseStat } from './process-identity.js';

describe('identity of a process', () => {
  it('reads state and start time behind a command name with spaces and brackets', () => {
    const numbers = Array.from({ length: 30 }, (_, index) => String(100 + index));
    const line = `4242 (a (odd) name) S ${numbers.join(' ')}`;
    // Field 3 is the state and field 22 the start: the 19th number behind the state.
    expect(parseStat(line)).toEqual({ state: 'S', startTicks: numbers[18] });
  });

  it('recognises this very process', () => {
    const self = identifyProcess(process.pid);
    expect(self).not.toBeNull();
    expect(isSameProcess(self!)).toBe(true);
  });

  it('does not recognise the same pid with another start time', () => {
    expect(isSameProcess({ pid: process.pid, startMark: 'another-boot:1' })).toBe(false);
  });

  it('never matches when the start time is unknown', () => {
    expect(isSameProcess({ pid: process.pid, startMark: null })).toBe(false);
  });
});
