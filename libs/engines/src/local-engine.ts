import { readFileSync, statSync } from 'node:fs';

import { lastLine } from './downloads/command.js';
import { EngineError } from './engine-error.js';
import { causeInLog } from './log-cause.js';
import { findProcess, logFileOf, type ManagedProcess, stopProcess } from './processes/managed-process.js';

const START_TRIES = 3;
/** A busy machine needs minutes for what takes seconds otherwise; one that ends is noticed at once. */
export const READY_WITHIN_MS = 240_000;
const TELL_EVERY_MS = 20_000;

/** One engine as a local process: how to find it answering, and how to start it. Ports are the engine's business. */
export interface LocalEngine {
  name: string;
  directory: string;
  graceMs: number;
  /** Told while a start takes long. */
  log: (line: string) => void;
  /** Starts the process on free ports at or above the preferred ones. */
  launch(): Promise<ManagedProcess>;
  /** Resolves when it serves; rejects when it will not, at once if `stillAlive` turns false. */
  waitUntilReady(process: ManagedProcess, stillAlive: () => boolean): Promise<void>;
}

/**
 * The engine's process, serving: the one that an earlier start left behind if it answers, else a fresh one.
 * A port taken by somebody else between choosing and binding ends the process at once; then it is tried again.
 * @throws EngineError ENGINE_DID_NOT_START
 */
export async function ensureRunning(engine: LocalEngine): Promise<{ process: ManagedProcess; reused: boolean }> {
  const earlier = findProcess(engine.directory, engine.name);
  if (earlier?.alive && (await becomesReady(engine, earlier)) === null) return { process: earlier, reused: true };
  await stopProcess(engine.name, engine.directory, { graceMs: engine.graceMs });
  for (let attempt = 1; ; attempt += 1) {
    const logged = bytesLogged(engine);
    const process = await engine.launch();
    const failure = await becomesReady(engine, process);
    if (failure === null) return { process, reused: false };
    const ended = !isAlive(engine);
    await stopProcess(engine.name, engine.directory, { graceMs: 0 });
    if (!ended || attempt === START_TRIES || !portWasTaken(logSince(engine, logged))) {
      throw didNotStart(engine, failure, logSince(engine, logged));
    }
  }
}

async function becomesReady(engine: LocalEngine, process: ManagedProcess): Promise<Error | null> {
  const beganAt = performance.now();
  const tell = () => {
    const seconds = Math.round((performance.now() - beganAt) / 1000);
    engine.log(`Waiting for ${engine.name}, ${seconds} s so far. The machine may be busy.`);
  };
  const timer = setInterval(tell, TELL_EVERY_MS);
  try {
    await engine.waitUntilReady(process, () => isAlive(engine));
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearInterval(timer);
  }
}

const isAlive = (engine: LocalEngine): boolean => findProcess(engine.directory, engine.name)?.alive ?? false;

const portWasTaken = (log: string): boolean => /address already in use|BindException/i.test(log);

function didNotStart(engine: LocalEngine, cause: Error, log: string): EngineError {
  const reason = causeInLog(log) ?? lastLine(log);
  return new EngineError(
    'ENGINE_DID_NOT_START',
    `${engine.name} did not start: ${cause.message} It says: ${reason}`,
    cureFor(engine, reason),
    { cause },
  );
}

function cureFor({ directory, name }: LocalEngine, reason: string): string {
  const log = logFileOf(directory, name);
  return /version|corrupt|checksum|panic|WiredTiger/i.test(reason)
    ? `Its data may be of another version or damaged: put a backup of this version back (docs/guides/backup-and-restore.md). Nothing was changed; all it says is in ${log}.`
    : `Try the same command again if the machine was busy; else read ${log}.`;
}

const bytesLogged = ({ directory, name }: LocalEngine): number =>
  statSync(logFileOf(directory, name), { throwIfNoEntry: false })?.size ?? 0;

/** What was logged behind the first `bytes`; all of it where a new file was begun meanwhile. */
function logSince({ directory, name }: LocalEngine, bytes: number): string {
  try {
    const log = readFileSync(logFileOf(directory, name));
    return log.subarray(log.length >= bytes ? bytes : 0).toString('utf8');
  } catch {
    return '';
  }
}
