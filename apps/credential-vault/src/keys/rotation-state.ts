import type { DataKeyDocument } from '@rollcall/collections';
import type { KeyRotation } from '@rollcall/contracts';

export interface RotationFacts {
  readonly keys: readonly DataKeyDocument[];
  /** Ciphertexts under replaced keys. */
  readonly left: number;
  /** Of these, what a complete pass could not open; null: no pass was made. */
  readonly unreadable: number | null;
  readonly now: Date;
}

/**
 * How far the rotation is, from what is stored. Whoever computes it comes to the same, so that replicas need no word
 * between them and a killed one leaves nothing half done.
 */
export function rotationAfter(previous: KeyRotation | null, facts: RotationFacts): KeyRotation | null {
  const { left, now } = facts;
  const newest = newestReplaced(facts.keys);
  const isNew = newest !== null && (previous === null || replacedAt(newest) > new Date(previous.startedAt));
  const begun = isNew ? begin(newest, left) : previous;
  if (begun === null) return null;
  return {
    ...begun,
    total: Math.max(begun.total, left),
    left,
    unreadable: Math.min(left, facts.unreadable ?? begun.unreadable),
    finishedAt: left > 0 ? null : (begun.finishedAt ?? now.toISOString()),
  };
}

function begin(replaced: DataKeyDocument, left: number): KeyRotation {
  const reason = replaced.retiredFor ?? 'encryptions';
  return { startedAt: replacedAt(replaced).toISOString(), reason, total: left, left, unreadable: 0, finishedAt: null };
}

function newestReplaced(keys: readonly DataKeyDocument[]): DataKeyDocument | null {
  const replaced = keys.filter(({ state }) => state === 'retired');
  return replaced.sort((a, b) => replacedAt(b).getTime() - replacedAt(a).getTime())[0] ?? null;
}

/** Keys of earlier versions do not say when. */
export function replacedAt({ retiredAt, createdAt }: DataKeyDocument): Date {
  return retiredAt ?? createdAt;
}

const dayMs = 24 * 60 * 60_000;
const longestLifeMs = 365 * dayMs;
/**
 * A transaction that began while a key was current may still store something under it. The server ends transactions after a
 * minute, so a key that was replaced this long ago gets nothing new.
 */
const settledAfterMs = 3 * 60_000;

export function isAged({ state, createdAt }: DataKeyDocument, now: Date): boolean {
  return state === 'current' && now.getTime() - createdAt.getTime() > longestLifeMs;
}

export function isSettled(key: DataKeyDocument, now: Date): boolean {
  return key.state === 'retired' && now.getTime() - replacedAt(key).getTime() > settledAfterMs;
}
