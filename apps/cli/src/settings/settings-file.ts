import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { closeToOthers } from '@rollcall/engines';

import { CliError } from '../cli-error.js';

/** One line of the file. */
export interface FileSetting {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

export const settingsFileName = 'settings.env';
export const settingsFileOf = (directory: string): string => join(directory, settingsFileName);

const mostBytes = 1_000_000;

/**
 * The lines of the settings file, which is closed to other users first; none when there is no file.
 * @throws CliError when it cannot be read, or a line cannot be understood
 */
export function readSettingsFile(directory: string): FileSetting[] {
  const path = settingsFileOf(directory);
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return [];
  if (entry.isDirectory() || entry.size > mostBytes) throw notAFile(path);
  closeToOthers(path);
  try {
    return parseSettings(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`${path} cannot be read: ${reason}.`, 'Change its owner to the user who runs Rollcall.');
  }
}

const notAFile = (path: string) =>
  new CliError(`${path} is no file with settings.`, 'Make it a text file with one NAME=value a line, or remove it.');

/** @param path named in errors */
export function parseSettings(text: string, path: string): FileSetting[] {
  const settings: FileSetting[] = [];
  for (const [at, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    settings.push(parseLine(line, at + 1, path));
    refuseSecond(settings, path);
  }
  return settings;
}

function parseLine(text: string, line: number, path: string): FileSetting {
  const [, name, rest] = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/s.exec(text) ?? [];
  if (name === undefined || rest === undefined) {
    throw new CliError(
      `${path} line ${line} is not NAME=value.`,
      'Write one setting a line, and # in front of a remark. Nothing was started.',
    );
  }
  const value = unquoted(rest);
  if (value === '') {
    throw new CliError(
      `${path} line ${line}: ${name} has no value.`,
      'Write one behind the =, or take the line out: then the default counts. Nothing was started.',
    );
  }
  return { name, value, line };
}

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;

function refuseSecond(settings: readonly FileSetting[], path: string): void {
  const last = settings.at(-1)!;
  const first = settings.find(({ name }) => name === last.name)!;
  if (first === last) return;
  throw new CliError(
    `${path} sets ${last.name} twice, in lines ${first.line} and ${last.line}.`,
    'Take one of them out. Nothing was started.',
  );
}
