import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { EngineError } from '../engine-error.js';
import { makePrivateFolder, privateFileMode, withPrivateFiles } from '../private-files.js';
import { findRecord, type ProcessRecord, readRecords, removeRecord, writeRecord } from './pid-files.js';
import { identifyProcess, isSameProcess } from './process-identity.js';

const POLL_MS = 25;
const MAX_LOG_BYTES = 20 * 1024 * 1024;

export interface StartProcessOptions {
  /** Kebab-case; names the log file and the pid file. */
  name: string;
  command: string;
  args: string[];
  /** The whole environment of the process; nothing is inherited beside it. */
  env: NodeJS.ProcessEnv;
  /** Where `logs/` and `pids/` lie. */
  directory: string;
  cwd?: string;
  /** Kept in the pid file, for whoever finds the process later (a port, a version). */
  details?: Record<string, string | number>;
}

export interface ManagedProcess extends ProcessRecord {
  alive: boolean;
}

/**
 * Starts a process that survives this one, and whose files only its owner can read. Output goes to `<directory>/logs/<name>.log` (the log before it is kept as
 * `.log.1` once it is large), its identity to `<directory>/pids/<name>.json`.
 * @throws EngineError PROCESS_NOT_STARTED when the command cannot be run, or the name still runs.
 */
export async function startProcess(options: StartProcessOptions): Promise<ManagedProcess> {
  const { name, directory } = options;
  const earlier = findRecord(directory, name);
  if (earlier && isSameProcess(earlier)) {
    throw new EngineError('PROCESS_NOT_STARTED', `${name} already runs as process ${earlier.pid}.`, `Stop it first.`);
  }
  const log = openLog(directory, name);
  try {
    const child = withPrivateFiles(() =>
      spawn(options.command, options.args, {
        cwd: options.cwd,
        env: options.env,
        detached: true,
        stdio: ['ignore', log, log],
      }),
    );
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid as number;
    const record: ProcessRecord = {
      name,
      pid,
      startMark: identifyProcess(pid)?.startMark ?? null,
      startedAt: new Date().toISOString(),
      command: options.command,
      details: options.details ?? {},
    };
    writeRecord(directory, record);
    return { ...record, alive: true };
  } catch (error) {
    throw new EngineError(
      'PROCESS_NOT_STARTED',
      `${name} could not be started: ${error instanceof Error ? error.message : String(error)}.`,
      `Check that ${options.command} exists and may be run.`,
      { cause: error },
    );
  } finally {
    closeSync(log);
  }
}

export type StopResult = 'stopped' | 'killed' | 'not-running';

/**
 * Ends the process of this name: asks first (SIGTERM), insists after `graceMs` (SIGKILL). A pid that meanwhile belongs
 * to something else is left alone; only the stale pid file goes.
 */
export async function stopProcess(
  name: string,
  directory: string,
  { graceMs = 10_000 }: { graceMs?: number } = {},
): Promise<StopResult> {
  const record = findRecord(directory, name);
  if (!record) return 'not-running';
  const result = await endProcess(record, graceMs);
  removeRecord(directory, name);
  return result;
}

/** Every process that has a pid file here, oldest first, dead ones included (`alive: false`). */
export function listProcesses(directory: string): ManagedProcess[] {
  return readRecords(directory)
    .map((record) => ({ ...record, alive: isSameProcess(record) }))
    .sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

export function findProcess(directory: string, name: string): ManagedProcess | null {
  const record = findRecord(directory, name);
  return record ? { ...record, alive: isSameProcess(record) } : null;
}

/** Port of the last process of this name, running or not: whoever knows its address finds the next one there too. */
export function lastPort(directory: string, name: string): number | null {
  const port = findRecord(directory, name)?.details.port;
  return typeof port === 'number' ? port : null;
}

export const logFileOf = (directory: string, name: string): string => join(directory, 'logs', `${name}.log`);

async function endProcess(record: ProcessRecord, graceMs: number): Promise<StopResult> {
  if (!signal(record, 'SIGTERM')) return 'not-running';
  if (await hasEnded(record, graceMs)) return 'stopped';
  signal(record, 'SIGKILL');
  await hasEnded(record, 5_000);
  return 'killed';
}

function signal(record: ProcessRecord, name: 'SIGTERM' | 'SIGKILL'): boolean {
  if (!isSameProcess(record)) return false;
  try {
    process.kill(record.pid, name);
    return true;
  } catch {
    return false;
  }
}

async function hasEnded(record: ProcessRecord, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isSameProcess(record)) {
    if (Date.now() >= deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

function openLog(directory: string, name: string): number {
  const path = logFileOf(directory, name);
  makePrivateFolder(join(directory, 'logs'));
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a', privateFileMode);
}
