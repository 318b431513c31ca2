import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { makePrivateFolder, privateFileMode } from '../private-files.js';
import { type ProcessIdentity } from './process-identity.js';

export interface ProcessRecord extends ProcessIdentity {
  name: string;
  /** ISO time of the start, for people; the identity is `startMark`. */
  startedAt: string;
  command: string;
  details: Record<string, string | number>;
}

const folderOf = (directory: string) => join(directory, 'pids');
const fileOf = (directory: string, name: string) => join(folderOf(directory), `${name}.json`);

/** Written by rename, so that a reader never meets half a file. */
export function writeRecord(directory: string, record: ProcessRecord): void {
  makePrivateFolder(folderOf(directory));
  const temporary = `${fileOf(directory, record.name)}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(record, null, 2)}\n`, { mode: privateFileMode });
  renameSync(temporary, fileOf(directory, record.name));
}

/** The record of this name; null when there is none or it cannot be understood. */
export function findRecord(directory: string, name: string): ProcessRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(directory, name), 'utf8'));
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

export function readRecords(directory: string): ProcessRecord[] {
  return namesIn(directory)
    .map((name) => findRecord(directory, name))
    .filter((record) => record !== null);
}

export function removeRecord(directory: string, name: string): void {
  rmSync(fileOf(directory, name), { force: true });
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(folderOf(directory))
      .filter((file) => file.endsWith('.json'))
      .map((file) => file.slice(0, -'.json'.length));
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is ProcessRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { name, pid, startMark, startedAt, details } = value as Partial<Record<keyof ProcessRecord, unknown>>;
  const hasMark = typeof startMark === 'string' || startMark === null;
  const hasTexts = typeof name === 'string' && typeof startedAt === 'string';
  return hasTexts && hasMark && Number.isSafeInteger(pid) && typeof details === 'object' && details !== null;
}
