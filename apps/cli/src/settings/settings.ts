import { CliError } from '../cli-error.js';
import { decidedByUp, ownSettings } from './own-settings.js';
import { serviceSettings } from './service-settings.js';
import type { Setting } from './setting.js';
import { type FileSetting, readSettingsFile, settingsFileOf } from './settings-file.js';

/** What a person may set, in the order of the table of settings. */
export const allowedSettings: readonly Setting[] = [
  ...ownSettings,
  ...serviceSettings.filter(({ name }) => !decidedByUp.has(name) && !ownSettings.some((own) => own.name === name)),
];

export const settingsGuide = 'docs/guides/settings.md';

/** Where a value comes from; `line` of the file. */
export type Source = { readonly kind: 'environment' } | { readonly kind: 'file'; readonly line: number };

/** The settings of an installation: its file, and above it the environment of the command. */
export interface Settings {
  readonly path: string;
  /** The environment with what the file adds to it. */
  readonly env: NodeJS.ProcessEnv;
  readonly sources: ReadonlyMap<string, Source>;
}

/**
 * Names are checked here, and the values that are for no service; those of services by them: see `checkSettings`. A value that
 * the environment has for other programs too is not held against it.
 * @throws CliError when the file cannot be read, names what is no setting, or has a wrong value
 */
export function readSettings(directory: string, environment: NodeJS.ProcessEnv = process.env): Settings {
  const path = settingsFileOf(directory);
  const lines = readSettingsFile(directory);
  for (const line of lines) {
    refuseUnknown(line, path);
    refuseWrong(line, path);
  }
  const added = lines.filter(({ name }) => !environment[name]);
  const sources = new Map<string, Source>(added.map(({ name, line }) => [name, { kind: 'file', line }]));
  for (const { name } of allowedSettings) if (environment[name]) sources.set(name, { kind: 'environment' });
  return {
    path,
    sources,
    env: { ...environment, ...Object.fromEntries(added.map(({ name, value }) => [name, value])) },
  };
}

function refuseUnknown({ name, line }: FileSetting, path: string): void {
  if (allowedSettings.some((setting) => setting.name === name)) return;
  const where = `${path} line ${line}`;
  if (name === 'ROLLCALL_DIR') {
    throw new CliError(
      `${where}: ROLLCALL_DIR says in which folder this file lies, so it cannot stand in it.`,
      'Take the line out, and set it in the environment of the command. Nothing was started.',
    );
  }
  if (decidedByUp.has(name)) {
    throw new CliError(
      `${where}: ${name} is decided by \`./rollcall up\` itself.`,
      `Take the line out; ${settingsGuide} lists what you may set. Nothing was started.`,
    );
  }
  const close = nearest(name.toUpperCase());
  const hint = close ? `Did you mean ${close}? ` : '';
  throw new CliError(
    `${where}: there is no setting ${name}.`,
    `${hint}${settingsGuide} lists all of them. Nothing was started.`,
  );
}

function refuseWrong({ name, value, line }: FileSetting, path: string): void {
  const fault = allowedSettings.find((setting) => setting.name === name)?.fault?.(value) ?? null;
  if (fault === null) return;
  throw new CliError(
    `${path} line ${line}: ${name} is wrong: ${fault}.`,
    `Correct the line, or take it out: then the default counts. Nothing was started.`,
  );
}

/** A third of the letters may differ: more is another word. */
function nearest(name: string): string | null {
  const known = allowedSettings.map((setting) => ({ name: setting.name, distance: distance(name, setting.name) }));
  const [best] = known.sort((one, other) => one.distance - other.distance);
  return best && best.distance <= Math.ceil(name.length / 3) ? best.name : null;
}

/** Letters to change, add or take away until one word is the other (Levenshtein). */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [row, letter] of [...one].entries()) {
    const current = [row + 1];
    for (const [column, candidate] of [...other].entries()) {
      const replaced = above[column]! + (letter === candidate ? 0 : 1);
      current.push(Math.min(replaced, above[column + 1]! + 1, current[column]! + 1));
    }
    above = current;
  }
  return above[other.length]!;
}
