import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

import { logFileOf } from '@rollcall/engines';

const TAIL_BYTES = 256 * 1024;

/** The last lines of a process's log, at most `count`; empty when there is none. Reads the end of the file only. */
export function lastLogLines(directory: string, name: string, count: number): string[] {
  const text = endOfFile(logFileOf(directory, name));
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}

export function lastLogLine(directory: string, name: string): string {
  return readableLogLine(lastLogLines(directory, name, 1)[0] ?? 'no output');
}

/** `10:31:34 error  text` of a JSON line of ours; any other line as it is. */
export function readableLogLine(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    if (typeof entry.message !== 'string' || typeof entry.time !== 'string') return line;
    const level = typeof entry.level === 'string' ? entry.level : '';
    return `${entry.time.slice(11, 19)} ${level.padEnd(5)}  ${entry.message}`;
  } catch {
    return line;
  }
}

function endOfFile(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, read);
  } finally {
    closeSync(file);
  }
}
