import { createHash, hash as digest } from 'node:crypto';

import type { ReadingDocument } from '@rollcall/collections';
import type { PlanLine, PlanLineKind } from '@rollcall/contracts';

import { isKnownSince } from '../accounts/apply-user.js';
import type { StageableAccount } from '../readings/readings.repository.js';

/** Users a bucket holds at most; memory at END depends on it, not on the size of the integration (B18). */
export const usersPerBucket = 100_000;

export function bucketsFor(users: number): number {
  return Math.max(1, Math.ceil(users / usersPerBucket));
}

/** Bucket of a vendor id; any even spread will do. */
export function bucketOf(vendorId: string, buckets: number): number {
  if (buckets === 1) return 0;
  return Number.parseInt(digest('sha1', vendorId, 'hex').slice(0, 8), 16) % buckets;
}

/**
 * Why an active account would be deactivated, or null (E1): not seen though active since before START, or marked
 * inactive by the source. Held accounts stay as they are. Create only never changes an existing record (E8).
 */
export function lineKindOf(
  account: StageableAccount,
  reading: ReadingDocument,
  isSeen: boolean,
  nowMs: number,
): PlanLineKind | null {
  const { pinned } = reading;
  if (!pinned.deactivate || pinned.scope === 'none' || pinned.preference === 'create-only') return null;
  if (!account.active || account.hold !== null) return null;
  if (isSeen) return account.sourceStatus === 'inactive' ? 'inactive' : null;
  return isKnownSince(account, Date.parse(pinned.startedAt), nowMs) ? 'missing' : null;
}

/** Equal plans have equal hashes, whatever the order of their lines was (E3). */
export class PlanHash {
  private readonly lines: string[] = [];

  add(line: PlanLine): void {
    this.lines.push(digest('sha256', `${line.kind} ${line.account}`, 'base64url'));
  }

  value(): string | null {
    if (this.lines.length === 0) return null;
    const hash = createHash('sha256');
    for (const line of this.lines.sort()) hash.update(line);
    return hash.digest('base64url');
  }
}
