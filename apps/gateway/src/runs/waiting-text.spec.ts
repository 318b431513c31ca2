import { describe, expect, it } from '@jest/globals';

import { waitingText } from './waiting-text.js';

describe('what a planned run waits for', () => {
  it.each([
    [37, 10, /37 runs come first, and 10 are at work/],
    [1, 1, /One run comes first, and one is at work/],
    [0, 4, /It is next, and 4 are at work/],
    [2, 0, /2 runs come first, and 0 are at work/],
    [0, 0, /no other run is at work.*\.\/rollcall status/],
  ])('%d ahead of it, %d at work', (ahead, atWork, words) => {
    expect(waitingText(ahead, atWork)).toMatch(words);
  });
});
