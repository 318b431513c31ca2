import { existsSync, readFileSync } from 'node:fs';

import { type LedgerEntry, ledgerEntrySchema } from './entry.js';

/**
 * All entries of a ledger file after `since` (a `seq`), oldest first; empty when the file does not exist. A line torn by a
 * killed process is skipped: what it told was not yet answered to anybody.
 */
export function readLedger(file: string, since = 0): LedgerEntry[] {
  if (!existsSync(file)) return [];
  const entries: LedgerEntry[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const entry = parseLine(line);
    if (entry && entry.seq > since) entries.push(entry);
  }
  return entries;
}

function parseLine(line: string): LedgerEntry | null {
  try {
    return ledgerEntrySchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
