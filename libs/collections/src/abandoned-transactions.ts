import type { Databases } from './databases.js';

/** A transaction that this class ended: whose it was, and for how long it had been open. */
export interface AbandonedTransaction {
  /** Address of the client that began it. */
  readonly client: string;
  readonly openMs: number;
}

interface OpenTransaction {
  readonly lsid: { readonly id: unknown };
  readonly client?: string;
  readonly transaction: {
    readonly parameters: { readonly txnNumber: number };
    readonly timeOpenMicros: number;
    readonly timeActiveMicros: number;
  };
}

/** Between two looks. No transaction of ours stands still for so long unless its process does. */
export const lookForAbandonedEveryMs = 5_000;

/**
 * Ends the transactions of killed processes. The server keeps such a one until it is a minute old, and looks for old ones
 * twice a minute only; until then whoever wants the same documents waits or conflicts (ADR 0011). Ended is what did
 * nothing from one look to the next. For a process that lives, and only stood still, that is the same as a conflict:
 * nothing was written, and it is told to try again.
 */
export class AbandonedTransactions {
  private seen: ReadonlyMap<string, number> = new Map();

  constructor(private readonly databases: Databases) {}

  /** One look, which ends what stood still since the one before. */
  async end(): Promise<AbandonedTransaction[]> {
    const open = await this.open();
    const still = open.filter((one) => this.seen.get(keyOf(one)) === one.transaction.timeActiveMicros);
    this.seen = new Map(open.map((one) => [keyOf(one), one.transaction.timeActiveMicros]));
    if (still.length > 0) await this.admin.command({ killSessions: still.map(({ lsid }) => ({ id: lsid.id })) });
    return still.map(({ client, transaction }) => ({
      client: client ?? 'unknown',
      openMs: Math.round(transaction.timeOpenMicros / 1000),
    }));
  }

  /** Of all replicas of this service in this installation; none of them is working at the moment. */
  private open(): Promise<OpenTransaction[]> {
    const { appName } = this.databases.client.options;
    return this.admin
      .aggregate<OpenTransaction>(
        [
          // Only what is our own user's, which needs no privilege.
          { $currentOp: { allUsers: false, idleSessions: true, idleConnections: false } },
          { $match: { type: 'idleSession', transaction: { $exists: true }, appName } },
          { $project: { lsid: 1, client: 1, transaction: 1 } },
        ],
        // The stage allows no other.
        { readConcern: { level: 'local' } },
      )
      .toArray();
  }

  private get admin() {
    return this.databases.client.db('admin');
  }
}

function keyOf({ lsid, transaction }: OpenTransaction): string {
  return `${String(lsid.id)}/${transaction.parameters.txnNumber}`;
}

const codesOfRefusal: ReadonlySet<unknown> = new Set([
  13, // Unauthorized
  115, // CommandNotSupported
  8000, // AtlasError: not in this cluster tier
]);

/** The server does not let us look at transactions, now or later. */
export function isLookRefused(error: unknown): boolean {
  return codesOfRefusal.has((error as { code?: unknown }).code);
}
