import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

import type { LedgerEntry, NewLedgerEntry } from './entry.js';
import { readLedger } from './read-ledger.js';

const FLUSH_AFTER_MS = 20;
const FLUSH_AFTER_LINES = 500;

/**
 * Append-only record of every request and effect, outside of whatever is tested. Requests are written within 20 ms;
 * `flush` writes at once and is called before the reply to an effect leaves, so no effect is known to a caller before it
 * stands in the file. Without a file the entries are kept in memory.
 */
export class Ledger {
  private readonly fd: number | null = null;
  private readonly kept: LedgerEntry[] = [];
  private pending: string[] = [];
  private timer: NodeJS.Timeout | null = null;
  private seq = 0;
  private requests = 0;
  private readonly attempts = new Map<string, number>();

  constructor(private readonly file: string | undefined) {
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    for (const entry of readLedger(file)) this.resumeAfter(entry);
    // Names of people, as everything else that lies beside it.
    this.fd = openSync(file, 'a', 0o600);
    // Ends a line that a killed process left open.
    if (this.seq > 0) writeSync(this.fd, '\n');
  }

  nextRequest(): number {
    this.requests += 1;
    return this.requests;
  }

  /** Counts how often this very request has arrived. */
  attempt(key: string): number {
    const count = (this.attempts.get(key) ?? 0) + 1;
    this.attempts.set(key, count);
    return count;
  }

  append(entry: NewLedgerEntry, time = new Date()): void {
    this.seq += 1;
    const full = { seq: this.seq, time: time.toISOString(), ...entry } as LedgerEntry;
    if (this.fd === null) {
      this.kept.push(full);
      return;
    }
    this.pending.push(JSON.stringify(full));
    if (this.pending.length >= FLUSH_AFTER_LINES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS).unref();
  }

  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.fd === null || this.pending.length === 0) return;
    const text = `${this.pending.join('\n')}\n`;
    this.pending = [];
    writeSync(this.fd, text);
  }

  entries(since = 0): LedgerEntry[] {
    this.flush();
    return this.file === undefined ? this.kept.filter((entry) => entry.seq > since) : readLedger(this.file, since);
  }

  close(): void {
    this.flush();
    if (this.fd !== null) closeSync(this.fd);
  }

  private resumeAfter(entry: LedgerEntry): void {
    this.seq = Math.max(this.seq, entry.seq);
    if ('request' in entry) this.requests = Math.max(this.requests, entry.request);
  }
}
