import pico from 'picocolors';

/** Colours only where a person looks: picocolors knows NO_COLOR, FORCE_COLOR and pipes. */
export const { bold, dim, green, red, yellow } = pico;

export const writeLine = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Progress and errors: standard output stays clean for whoever pipes it. */
export const writeError = (line = ''): void => void process.stderr.write(`${line}\n`);

/** Rows as aligned columns, two spaces apart. Cells hold no colour codes: those have a length that nobody sees. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** `340 MB`, `12.4 GB`. */
export function readableBytes(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  return megabytes < 1_000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1_000).toFixed(1)} GB`;
}

/** `40 s`, `12 min`, `3 h`, `5 d`: the largest unit is enough for "since when". */
export function readableDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

const terminalWidth = 80;

/** A text as lines that fit, those after the first indented. */
export function wrapped(text: string, width = terminalWidth): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((one) => pieces(one, width - indent.length))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const indent = '  ';

const pieces = (word: string, width: number): string[] =>
  Array.from({ length: Math.max(1, Math.ceil(word.length / width)) }, (_, at) =>
    word.slice(at * width, (at + 1) * width),
  );

/** The beginning of a text that may be of any length. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
