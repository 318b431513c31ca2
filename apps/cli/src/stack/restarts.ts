import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the supervisor did about one process since it began. */
export interface Restarts {
  readonly times: number;
  /** ISO time of the last end. */
  readonly endedAt: string;
  /** Last line of its log when it ended, readable. */
  readonly lastLine: string;
  /** ISO time of the next start; null once it was started again. */
  readonly nextAt: string | null;
}

export type RestartsByName = Readonly<Record<string, Restarts>>;

const fileOf = (directory: string): string => join(directory, 'restarts.json');

/** Written by rename, so that a reader never meets half a file. */
export function writeRestarts(directory: string, restarts: RestartsByName): void {
  const temporary = `${fileOf(directory)}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(restarts, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, fileOf(directory));
}

/** Empty when there are none, or they cannot be read. */
export function readRestarts(directory: string): RestartsByName {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(directory), 'utf8'));
    return typeof value === 'object' && value !== null ? (value as RestartsByName) : {};
  } catch {
    return {};
  }
}

export const removeRestarts = (directory: string): void => rmSync(fileOf(directory), { force: true });
