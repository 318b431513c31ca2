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

/** The last lines that warn or worse, at most `count`. */
export function lastWarnings(directory: string, name: string, count: number): string[] {
  return lastLogLines(directory, name, Number.POSITIVE_INFINITY).filter(isWarning).slice(-count);
}

/** Levels of our own lines, of MongoDB's ("s") and of Kafka's (a word behind the time). */
export function isWarning(line: string): boolean {
  return /^\{.*("level":"(warn|error|fatal)"|"s":"[WEF]")/.test(line) || /^\S+( \S+)? (WARN|ERROR|FATAL) /.test(line);
}

/** `10:31:34 error  text` of a JSON line of ours or of MongoDB's; any other line as it is. */
export function readableLogLine(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { time, level, message } = commonParts(JSON.parse(line) as Record<string, unknown>);
    if (typeof message !== 'string' || typeof time !== 'string') return line;
    return `${time.slice(11, 19)} ${String(level ?? '').padEnd(5)}  ${message}`;
  } catch {
    return line;
  }
}

const MONGODB_LEVELS: Readonly<Record<string, string>> = { F: 'fatal', E: 'error', W: 'warn', I: 'info' };

function commonParts(entry: Record<string, unknown>): { time: unknown; level: unknown; message: unknown } {
  if (typeof entry.msg !== 'string') return { time: entry.time, level: entry.level, message: entry.message };
  const time = (entry.t as { $date?: unknown } | undefined)?.$date;
  const details = entry.attr === undefined ? '' : ` ${JSON.stringify(entry.attr)}`;
  return { time, level: MONGODB_LEVELS[String(entry.s)] ?? 'debug', message: `${entry.msg}${details}` };
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
