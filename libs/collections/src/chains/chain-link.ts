import { date, listOf, number, optional, part, type Path, text } from '../models/paths.js';

/** Where an entry stands in the chain of its writer. */
export interface ChainLink {
  /** One per start of a process, and a new one after each write that failed. */
  chain: string;
  /** From 1 on, without a gap. */
  number: number;
  /** Hash and time of the entry before; null in the first. */
  previous: string | null;
  previousAt: Date | null;
  /** Keyed hash of everything else in this entry. */
  hash: string;
}

/** Path of a link in a schema; absent in entries from before they were chained. */
export const chainLink: Path = optional.part<ChainLink>({
  chain: text,
  number,
  previous: optional.text,
  previousAt: optional.date,
  hash: text,
});

/** How far a chain had come when its writer last looked up, so that a missing end is noticed. */
export interface ChainHeadDocument {
  /** The chain. */
  _id: string;
  number: number;
  /** Hash of the entry of that number. */
  head: string;
  at: Date;
  /** Entries that were deleted for their age. */
  gaps?: ChainGap[];
}

/** Entries that this installation deleted for their age, by its own word: nobody without its key can make one. */
export interface ChainGap {
  from: number;
  to: number;
  /** Hash of the entry before them; null where they begin the chain. */
  previous: string | null;
  /** Hash of the last of them. */
  head: string;
  /** Keyed hash of all this. */
  seal: string;
}

const gap = part<ChainGap>({ from: number, to: number, previous: optional.text, head: text, seal: text });

export const chainHeadPaths = { _id: text, number, head: text, at: date, gaps: listOf(gap) };

/** Keyed digest of texts; only who has the installation's key can make one. */
export type ChainDigest = (...parts: string[]) => string;

/** The end of a chain, to which the next entry is joined. */
export type ChainEnd = Pick<ChainLink, 'chain' | 'number' | 'hash'> & { readonly at: Date | null };

/** What an entry says, and when. */
export interface ChainContent {
  readonly at: Date;
  /** Every value of the entry, in an order that stays. */
  readonly parts: readonly string[];
}

export const beginningOf = (chain: string): ChainEnd => ({ chain, number: 0, hash: '', at: null });

export function linkAfter(end: ChainEnd, content: ChainContent, digest: ChainDigest): ChainLink {
  const previous = end.number === 0 ? null : end.hash;
  const link = { chain: end.chain, number: end.number + 1, previous, previousAt: end.at };
  return { ...link, hash: hashOfLink(link, content, digest) };
}

/**
 * Says that an entry was changed by this installation itself, to take a person out of it: a keyed hash of what it was and of
 * what it says now. The link stays, so that the entries around it still follow each other.
 */
export function sealOf({ hash }: Pick<ChainLink, 'hash'>, { at, parts }: ChainContent, digest: ChainDigest): string {
  return digest('rollcall redacted entry', hash, at.toISOString(), ...parts);
}

export function hashOfLink(link: Omit<ChainLink, 'hash'>, { at, parts }: ChainContent, digest: ChainDigest): string {
  const { chain, number: place, previous, previousAt } = link;
  return digest(chain, String(place), previous ?? '', previousAt?.toISOString() ?? '', at.toISOString(), ...parts);
}
