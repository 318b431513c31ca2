import { describe, expect, it } from '@jest/globals';

import { headerNameFault, readHeaderLines } from './header-lines.js';

describe('headers that were entered as lines', () => {
  it('are read whatever the blanks and empty lines around them', () => {
    expect(readHeaderLines('X-One: 1\r\n\n  X-Two :  two: three \n')).toEqual([
      { name: 'X-One', value: '1' },
      { name: 'X-Two', value: 'two: three' },
    ]);
    expect(readHeaderLines('')).toEqual([]);
  });

  it.each([
    ['without a colon', 'X-One', /line 1: it has no colon/],
    ['without a value', 'X-One: 1\nX-Two:', /line 2: the header X-Two has no value/],
    ['with a name that is none', 'X One: 1', /letters, digits and dashes/],
    ['with a name that is empty', ': 1', /letters, digits and dashes/],
    ['twice, in other letters', 'X-One: 1\nx-ONE: 2', /x-one is there twice/],
    ['with control characters', 'X-One: a\u0007', /characters that no header can carry/],
    ['of the connection', 'Content-Length: 3', /set by Rollcall itself/],
    ['more than twenty', Array.from({ length: 21 }, (_, at) => `X-${at}: 1`).join('\n'), /more than 20/],
  ])('%s are refused without their values', (_, text, words) => {
    const read = readHeaderLines(text);
    expect(read).toMatch(words);
    expect(read).not.toContain('\u0007');
  });

  it('may be an Authorization header, in place of any other way', () => {
    expect(headerNameFault('Authorization')).toBeNull();
  });
});
