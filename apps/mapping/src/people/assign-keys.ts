import type { PersonDocument } from '@rollcall/collections';
import type { RecordError } from '@rollcall/contracts';

import type { FoldResult } from './fold-person.js';
import { type KeyField, keysOf } from './keys.js';

export interface KeyClaim {
  readonly person: string;
  /** Keys held so far; empty for a new person. */
  readonly held: readonly string[];
  /** Of these, the ones that they leave to whoever else wants them. */
  readonly yields?: ReadonlySet<string>;
  readonly fold: FoldResult;
}

export interface KeyAssignment {
  readonly fold: FoldResult;
  readonly keys: string[];
  readonly refused: RecordError[];
  /** Accounts whose value was refused: a record error of that user (D4, B9). */
  readonly blamed: string[];
}

/**
 * Gives keys to people who were folded together. What they give up is free before anybody takes it, so a swap of two
 * e-mails works; a key that somebody outside holds is refused, its value left empty and marked (D4). An old key is
 * released even when the new one is refused. Whoever yields a key has it only if nobody else wants it.
 *
 * @param ownerOf owner of a key in the database
 * @param forced keys that the database refused although nobody was seen to hold them (B14)
 */
export function assignKeys(
  claims: readonly KeyClaim[],
  uniqueFields: readonly KeyField[],
  ownerOf: (key: string) => Pick<PersonDocument, '_id'> | undefined,
  forced: ReadonlySet<string>,
): Map<string, KeyAssignment> {
  const wanted = new Map(claims.map((claim) => [claim.person, keysOf(claim.fold.values, uniqueFields)]));
  const held = new Set(claims.flatMap((claim) => claim.held));
  // Of the keys that are held here, the kept ones are taken from the start; the others are given up.
  const taken = keptKeys(claims, wanted);
  const isFree = (key: string, person: string): boolean => {
    if (forced.has(key)) return false;
    const owner = taken.get(key) ?? (held.has(key) ? undefined : ownerOf(key)?._id);
    return owner === undefined || owner === person;
  };
  const assignments = new Map<string, KeyAssignment>();
  const yielding = claims.filter(({ yields }) => (yields?.size ?? 0) > 0);
  for (const claim of [...claims.filter((one) => !yielding.includes(one)), ...yielding]) {
    const keys: string[] = [];
    const lost: string[] = [];
    for (const [field, key] of wanted.get(claim.person)!) {
      if (!isFree(key, claim.person)) {
        lost.push(field);
        continue;
      }
      taken.set(key, claim.person);
      keys.push(key);
    }
    assignments.set(claim.person, withLosses(claim, keys, lost));
  }
  return assignments;
}

/** Whoever holds a key and keeps it comes before whoever wants it newly. */
function keptKeys(
  claims: readonly KeyClaim[],
  wanted: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Map<string, string> {
  const kept = new Map<string, string>();
  for (const { person, held, yields } of claims) {
    const keys = new Set(wanted.get(person)!.values());
    for (const key of held) if (keys.has(key) && yields?.has(key) !== true) kept.set(key, person);
  }
  return kept;
}

function withLosses(claim: KeyClaim, keys: string[], lost: readonly string[]): KeyAssignment {
  if (lost.length === 0) return { fold: claim.fold, keys, refused: [], blamed: [] };
  const values = { ...claim.fold.values };
  const provenance = { ...claim.fold.provenance };
  const blamed = lost.map((field) => provenance[field]!);
  for (const field of lost) {
    values[field] = null;
    delete provenance[field];
  }
  return {
    fold: { ...claim.fold, values, provenance },
    keys,
    refused: lost.map((field) => ({
      code: 'key-taken',
      message: `Another person already has this value of ${field}, which must be unique; it is left empty. Correct it at the vendor.`,
      field,
    })),
    blamed: blamed.filter((source) => source !== 'override'),
  };
}
