import { describe, expect, it } from '@jest/globals';

import { KnownKeys } from './known-keys.js';

describe('known keys', () => {
  it('are right or wrong, never both, as it was seen last', () => {
    const known = new KnownKeys();
    expect([known.wasRight('a'), known.wasWrong('a')]).toEqual([false, false]);
    known.noteRight('a');
    expect([known.wasRight('a'), known.wasWrong('a')]).toEqual([true, false]);
    known.noteWrong('a');
    expect([known.wasRight('a'), known.wasWrong('a')]).toEqual([false, true]);
    known.noteRight('a');
    expect([known.wasRight('a'), known.wasWrong('a')]).toEqual([true, false]);
  });

  it('are forgotten after a while, wrong ones within a minute', () => {
    let now = 0;
    const known = new KnownKeys({ now: () => now });
    known.noteRight('right');
    known.noteWrong('wrong');
    now = 60_001;
    expect([known.wasRight('right'), known.wasWrong('wrong')]).toEqual([true, false]);
    now = 600_001;
    expect(known.wasRight('right')).toBe(false);
  });

  it('are bounded, the oldest forgotten first', () => {
    const known = new KnownKeys({ most: 3 });
    for (const hash of ['a', 'b', 'c', 'a', 'd']) known.noteWrong(hash);
    expect(['a', 'b', 'c', 'd'].map((hash) => known.wasWrong(hash))).toEqual([true, false, true, true]);
  });
});
