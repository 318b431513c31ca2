import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { compileExpression } from './compile-expression.js';
import { isAllowedPicture, type PictureFunction } from './pictures.js';

describe('pictures of dates and numbers', () => {
  it.each<[PictureFunction, string]>([
    ['toMillis', '[Y0001]-[M01]-[D01]'],
    ['toMillis', '[Y0001][M01][D01]'],
    ['toMillis', '[M]/[D]/[Y]'],
    ['toMillis', '[D01].[M01].[Y0001] [H01]:[m01]'],
    ['toMillis', '[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001]Z'],
    ['toMillis', '[MNn] [D], [Y0001]'],
    ['fromMillis', '[FNn,*-3], [D] [MNn,*-3] [Y]'],
    ['fromMillis', '[H01]:[m01] [PN] [Z01:01]'],
    ['formatNumber', '#,##0.00'],
    ['formatNumber', '0%'],
    ['formatInteger', '0000'],
    ['formatInteger', 'w;o'],
    ['parseInteger', 'I'],
  ])('$%s takes %s', (name, picture) => {
    expect(isAllowedPicture(name, picture)).toBe(true);
  });

  it.each<[PictureFunction, string, string]>([
    ['toMillis', '[MN][FN]', 'two names at once'],
    ['toMillis', '[Y0001][MNn][D]', 'a name that is followed at once'],
    ['toMillis', '[Y]-[M]-[M]', 'a part twice'],
    ['toMillis', '[Ya]-[Ma]', 'letters for numbers'],
    ['toMillis', '[Yw]', 'words for numbers'],
    ['toMillis', '[H01]:[m01]', 'no year, so that the result would depend on the day'],
    ['toMillis', '[Y0001]-[M01]-[D01]x', 'other letters'],
    ['toMillis', '[Y', 'half a part'],
    ['toMillis', '', 'nothing'],
    ['fromMillis', '[Y,99999999-99999999]', 'a width'],
    ['fromMillis', '[W01]', 'weeks'],
    ['fromMillis', `[Y]${' '.repeat(70)}`, 'too much'],
    ['formatNumber', '0e0', 'an exponent'],
    ['formatNumber', '', 'nothing'],
    ['formatInteger', '0'.repeat(40), 'too many digits'],
  ])('$%s does not take "%s": %s', (name, picture) => {
    expect(isAllowedPicture(name, picture)).toBe(false);
  });

  it('read any text soon, however the parts are put together', async () => {
    const parts = [
      '[Y0001]',
      '[Y]',
      '[M01]',
      '[M]',
      '[MNn]',
      '[D]',
      '[D01]',
      '[FNn]',
      '[H]',
      '[m]',
      '[s01]',
      '[f]',
      '[P]',
      '[Z]',
    ];
    const picture = fc
      .array(fc.constantFrom(...parts, ' ', '-', 'T', 'Z', '.', ':'), { maxLength: 12 })
      .map((chosen) => `[Y0001]${chosen.join('')}`);
    const text = fc.oneof(
      fc.constantFrom(`${'a'.repeat(199)}!`, `${'1'.repeat(199)}!`, 'T1'.repeat(99), '+1'.repeat(99), '1T'.repeat(99)),
      fc.string({ maxLength: 200, unit: fc.constantFrom('1', '0', 'a', 'T', 'Z', ' ', '-', ':') }),
    );
    const expression = compileExpression('$toMillis(text, picture)');
    await fc.assert(
      fc.asyncProperty(
        picture.filter((one) => isAllowedPicture('toMillis', one)),
        text,
        async (one, value) => {
          const started = process.cpuUsage();
          await expression.evaluate({ text: value, picture: one }, 60_000).catch(() => undefined);
          expect(process.cpuUsage(started).user).toBeLessThan(500_000);
        },
      ),
      { numRuns: 300 },
    );
  });
});
