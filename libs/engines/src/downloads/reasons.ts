import { stripVTControlCharacters } from 'node:util';

import { lastLine } from './command.js';

/** Maven repeats the error in more and more general words, so its first one says most. */
export function mavenReason(output: string): string {
  const [first] = stripVTControlCharacters(output).match(/^\[ERROR\] .+$/m) ?? [];
  return first === undefined ? lastLine(output) : first.replace('[ERROR] ', '').trim();
}

/** Without a network pip only says in the end that it found no package; why, it says before. */
export function pipReason(output: string): string {
  const [, broken] = /connection broken by '?\w+\((.+)\)'?:/.exec(output) ?? [];
  return broken === undefined ? lastLine(output) : `the package index cannot be reached: ${withoutNoise(broken)}.`;
}

/** Of pip's nested errors, the words at the end. */
const withoutNoise = (text: string): string =>
  text
    .split(': ')
    .at(-1)!
    .replace(/["')]+$/, '');
