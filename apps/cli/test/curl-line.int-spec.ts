import { execFileSync } from 'node:child_process';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { quoted } from '../src/terminal/curl-line.js';

describe('a quoted word', () => {
  it('reaches the command of a shell as it is', () => {
    const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/[\0\r\n]/.test(text));
    const words = fc.sample(word, 200);
    const printed = execFileSync('sh', ['-c', `printf '%s\\n' ${words.map(quoted).join(' ')}`], { encoding: 'utf8' });
    expect(printed).toBe(words.map((one) => `${one}\n`).join(''));
  });
});
