import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { singleLine } from './header-text.js';

describe('text in a header (P39)', () => {
  it('cannot begin another header', () => {
    expect(singleLine('Staff\r\nBcc: eve@example.org\u2028x\u0085y')).toBe('Staff Bcc: eve@example.org x y');
  });

  it('cannot show something else than it says', () => {
    expect(singleLine('invoice\u202Egnp.exe')).toBe('invoice gnp.exe');
  });

  it('is one line without control characters, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (text, longest) => {
        const line = singleLine(text, longest);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect([...line].length).toBeLessThanOrEqual(longest);
      }),
    );
  });

  it('leaves ordinary text alone', () => {
    expect(singleLine('Zoë – Personal, 東京')).toBe('Zoë – Personal, 東京');
  });
});
