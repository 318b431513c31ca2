import { z } from 'zod';

const base = { seq: z.int(), time: z.string() };

/** One line of the ledger. `time` is the wall clock; `seq` rises by one per line and is never used twice. */
export const ledgerEntrySchema = z.discriminatedUnion('kind', [
  z.object({ ...base, kind: z.literal('start'), seed: z.string(), company: z.string(), day: z.int() }),
  z.object({
    ...base,
    kind: z.literal('request'),
    /** Number of the request; effects name it. */
    request: z.int(),
    vendor: z.string(),
    method: z.string(),
    /** With the query, but for parameters that might hold a secret. */
    path: z.string(),
    operation: z.enum(['list', 'get', 'action', 'token', 'other']),
    command: z.string(),
    page: z.int().optional(),
    target: z.string().optional(),
    /** How often the same request (method, path, command, page, target) has arrived, this time included. */
    attempt: z.int(),
    authOk: z.boolean(),
    /** 0: no status was sent (hang, reset, lost reply). */
    status: z.int(),
    /** Bytes of the body that were sent. */
    bytes: z.int(),
    fault: z.string().optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('effect'),
    request: z.int(),
    vendor: z.string(),
    effect: z.string(),
    id: z.string(),
    username: z.string(),
  }),
  z.object({ ...base, kind: z.literal('control'), operation: z.string(), detail: z.unknown() }),
]);

export type LedgerEntry = z.output<typeof ledgerEntrySchema>;
type Without<Entry> = Entry extends unknown ? Omit<Entry, 'seq' | 'time'> : never;
export type NewLedgerEntry = Without<LedgerEntry>;
