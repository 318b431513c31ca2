import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { hasVisibleCharacter, nameSchema, wellFormed } from './text.js';

describe('a text that shows', () => {
  it.each(['a', ' a', '\u200ba', 'ü', '漢', '\u00a0-', '😀', '0', '‮x'])('is %j', (text) => {
    expect(hasVisibleCharacter(text)).toBe(true);
  });

  it.each([
    ['', 'empty'],
    ['   ', 'blanks'],
    ['\t\r\n', 'line breaks'],
    ['\u00a0', 'a no-break space'],
    ['\u3000\u2003', 'wide blanks'],
    ['\u200b', 'a zero-width space'],
    ['\ufeff\u200d\u2060', 'joiners'],
    ['\u00ad', 'a soft hyphen'],
    ['\u3164', 'a filler'],
    ['\u2800', 'a blank Braille pattern'],
    ['\u0000\u001b', 'control characters'],
    ['\u007f', 'the control character behind those of ASCII that show'],
    ['\u202e', 'a mark of direction'],
    ['\ud83d', 'half a character'],
  ])('is not %j (%s)', (text) => {
    expect(hasVisibleCharacter(text)).toBe(false);
  });

  it('shows with anything invisible around it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', 'é', '漢'),
        fc.array(fc.constantFrom(' ', '\u200b', '\u3164', '\0')),
        (letter, around) => {
          expect(hasVisibleCharacter([...around, letter, ...around].join(''))).toBe(true);
          expect(hasVisibleCharacter(around.join(''))).toBe(false);
        },
      ),
    );
  });

  it('is what a name needs', () => {
    expect(nameSchema(3).safeParse('Ada').success).toBe(true);
    for (const wrong of ['', '\u200b', '  ', 'Adam']) expect(nameSchema(3).safeParse(wrong).success).toBe(false);
  });
});

describe('well-formed text', () => {
  it('has a mark in the place of half a character, and is else as it was', () => {
    expect(wellFormed('lone\ud83dhigh')).toBe('lone\ufffdhigh');
    expect(wellFormed('whole 😀')).toBe('whole 😀');
  });

  it('is the same after a way through UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', '\ud83d', '\udc00'), (text, half) => {
        const made = wellFormed(text + half);
        expect(Buffer.from(made, 'utf8').toString('utf8')).toBe(made);
      }),
    );
  });
});
