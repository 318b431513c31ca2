import { Inject, Injectable } from '@nestjs/common';
import type { AccountDocument, ReadingDocument, SeenDocument } from '@rollcall/collections';
import type { RawUser } from '@rollcall/contracts';

import { accountId, isOutdated, newAccount, type ObservedUser, seenAgain } from '../accounts/apply-user.js';
import { identityConflict } from '../accounts/identity.js';
import { type ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { type PartitionName, positionText } from '../changes/positions-in-text.js';
import type { CompiledMapping, FieldFailure } from '../mappings/compile-mapping.js';
import { FoldSession } from '../people/fold-session.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { keysOf } from '../people/keys.js';
import { matchPerson } from '../people/match-person.js';
import { PeopleReads } from '../people/people-reads.repository.js';
import type { RecordsSlice } from './slice.js';

export interface PlannedRecords {
  readonly set: ChangeSet;
  readonly seen: SeenDocument;
  /** Accounts of the slice with values, for tracking. */
  readonly touched: readonly string[];
}

/** A user who may have to be written, and what of him could not be made. */
type Candidate = ObservedUser & { readonly offset: number; readonly failures: readonly FieldFailure[] };

interface MappedSlice {
  readonly place: PartitionName;
  readonly slice: RecordsSlice;
  readonly reading: ReadingDocument;
  readonly mapping: CompiledMapping;
  readonly observed: readonly Candidate[];
  readonly seen: SeenDocument;
  readonly time: string;
}

type Tally = 'created' | 'updated' | 'unchanged' | 'skipped';

/** Turns a slice of users into what has to be written (B7–B12). Reads, never writes. */
@Injectable()
export class RecordSlicePlanner {
  constructor(
    @Inject(PeopleReads) private readonly reads: PeopleReads,
    @Inject(FoldSettingsRepository) private readonly settings: FoldSettingsRepository,
  ) {}

  /** Decodes and maps; needs no database, so it may run while the slice before is being committed (B1). */
  map(place: PartitionName, slice: RecordsSlice, reading: ReadingDocument, mapping: CompiledMapping): MappedSlice {
    const { content, app, preference } = reading.pinned;
    const seen = emptySeen(slice);
    const known = new Set<string>();
    const observed: Candidate[] = [];
    for (const message of slice.messages) {
      for (const user of message.users) {
        if (known.has(user.id)) continue;
        known.add(user.id);
        seen.ids.push(user.id);
        if (user.status === 'unknown') seen.unknownStatus += 1;
        const mapped = mapping.map(user, { content, app, preference });
        if (mapped.ok === 'skipped') passOver(seen);
        else if (mapped.ok) {
          const { values, hash, failures } = mapped;
          for (const failure of failures) noteFailure(seen, user, failure);
          observed.push({ user, values, hash, failures, askedAt: message.askedAt, offset: message.offset });
        } else reject(seen, user, mapped.code, mapped.message);
      }
    }
    return { place, slice, reading, mapping, observed, seen, time: seen.at.toISOString() };
  }

  /** Ids and keys that the slice may touch; slices that share one must not be planned at the same time. */
  footprint(mapped: MappedSlice): Set<string> {
    const touched = new Set<string>();
    for (const { user, values } of mapped.observed) {
      touched.add(accountId(mapped.slice.integration, user.id));
      for (const key of keysOf(values, mapped.mapping.uniqueFields).values()) touched.add(key);
    }
    return touched;
  }

  async plan(mapped: MappedSlice, forcedRefusals: ReadonlySet<string>): Promise<PlannedRecords> {
    const { slice, observed, mapping } = mapped;
    const seen: SeenDocument = { ...mapped.seen, problems: [...mapped.seen.problems] };
    const set = new ChangeSet();
    const idOf = (user: RawUser) => accountId(slice.integration, user.id);
    const stored = await this.reads.hashesOf(observed.map(({ user }) => idOf(user)));
    const candidates = observed.filter(({ user, hash }) => stored.get(idOf(user))?.hash !== hash);
    seen.unchanged += observed.length - candidates.length;
    const touched = observed.map(({ user }) => idOf(user));
    if (candidates.length === 0) return { set, seen, touched };

    const fold = new FoldSession(this.reads, await this.settings.get(), forcedRefusals);
    await fold.load(
      candidates.map(({ user }) => idOf(user)).filter((id) => stored.has(id)),
      candidates.flatMap(({ values }) => [...keysOf(values, mapping.uniqueFields).values()]),
    );
    const tallies = new Map<string, Tally>();
    for (const candidate of candidates) {
      const tally = this.take(fold, mapped, candidate, set, seen);
      if (tally !== null) tallies.set(idOf(candidate.user), tally);
    }
    const { blamed } = await fold.writeTo(set);
    this.count(tallies, blamed, fold, set, seen);
    return { set, seen, touched };
  }

  /** Null: rejected, and nothing changes. */
  private take(
    fold: FoldSession,
    mapped: MappedSlice,
    candidate: Candidate,
    set: ChangeSet,
    seen: SeenDocument,
  ): Tally | null {
    const { slice, reading, mapping } = mapped;
    const { pinned } = reading;
    const id = accountId(slice.integration, candidate.user.id);
    const origin = this.originOf(mapped, candidate.offset);
    const before = fold.account(id);
    if (!before) return this.takeNew(fold, mapped, candidate, set, seen);
    if (pinned.preference === 'create-only' || isOutdated(before, candidate.askedAt)) return 'unchanged';
    const conflict = identityConflict(before, candidate, mapping.uniqueFields);
    if (conflict !== null) {
      reject(seen, candidate.user, 'identity-conflict', conflict);
      return null;
    }
    if (before.hold && differsFromSource(before.active, candidate.user)) noteHeld(seen, candidate.user, before.active);
    const seenDraft = seenAgain(before, pinned, withKept(candidate, before), mapping.restoresArchived);
    const draft = seenDraft.person === null ? this.relink(fold, mapped, candidate, seenDraft, seen) : seenDraft;
    if (draft === 'skip') return 'skipped';
    if (!before.active && draft.active) seen.reactivated += 1;
    fold.draft(draft, origin);
    return 'updated';
  }

  /** An account that waits for a decision is matched again in each run. */
  private relink(
    fold: FoldSession,
    mapped: MappedSlice,
    candidate: Candidate,
    draft: AccountDocument,
    seen: SeenDocument,
  ): AccountDocument | 'skip' {
    const link = this.linkOf(fold, mapped, candidate, this.originOf(mapped, candidate.offset));
    if (link === 'skip') return link;
    if (link.error) reject(seen, candidate.user, link.error.code, link.error.message);
    return { ...draft, ...link, hash: link.error ? null : draft.hash };
  }

  private takeNew(
    fold: FoldSession,
    mapped: MappedSlice,
    candidate: Candidate,
    set: ChangeSet,
    seen: SeenDocument,
  ): Tally {
    const { slice, reading } = mapped;
    const origin = this.originOf(mapped, candidate.offset);
    const link = this.linkOf(fold, mapped, candidate, origin);
    if (link === 'skip') return 'skipped';
    if (link.error) reject(seen, candidate.user, link.error.code, link.error.message);
    fold.draft(newAccount(slice.integration, reading.pinned, candidate, set.place(origin), link), origin);
    return 'created';
  }

  /** The person an account gets, by preference (D5, D6). */
  private linkOf(
    fold: FoldSession,
    { slice, reading, mapping }: MappedSlice,
    candidate: ObservedUser,
    origin: ChangeOrigin,
  ): 'skip' | Pick<Parameters<typeof newAccount>[4], 'person' | 'passive' | 'error'> {
    const { preference } = reading.pinned;
    const account = {
      id: accountId(slice.integration, candidate.user.id),
      integration: slice.integration,
      values: candidate.values,
    };
    const match = matchPerson(account, mapping.syncKeys, fold);
    switch (match.kind) {
      case 'undecided':
        return {
          person: null,
          passive: false,
          error: { code: match.code, message: match.message, candidates: [...match.candidates] },
        };
      case 'person':
        return { person: match.person, passive: preference === 'create-only', error: null };
      case 'none':
        if (preference === 'update-only') return 'skip';
        return { person: fold.createPerson(candidate.values, origin), passive: false, error: null };
    }
  }

  private originOf({ place, slice, reading, time }: MappedSlice, offset: number): ChangeOrigin {
    return {
      position: positionText(place, offset),
      time,
      cause: { kind: 'run', run: slice.run, integration: slice.integration, initial: reading.pinned.initial },
    };
  }

  private count(
    tallies: ReadonlyMap<string, Tally>,
    blamed: ReadonlySet<string>,
    fold: FoldSession,
    set: ChangeSet,
    seen: SeenDocument,
  ): void {
    const revised = new Set(
      set.replacedAccounts
        .filter(({ before, after }) => after.revision > before.revision)
        .map(({ after }) => after._id),
    );
    for (const [id, tally] of tallies) {
      // Looked at again for want of a hash (B9), and found as it was.
      seen[tally === 'updated' && !revised.has(id) ? 'unchanged' : tally] += 1;
      const account = fold.account(id);
      if (account?.error && blamed.has(id)) {
        reject(seen, { id: account.vendorId }, account.error.code, account.error.message);
      }
    }
  }
}

function emptySeen(slice: RecordsSlice): SeenDocument {
  return {
    _id: `${slice.integration}/${slice.generation}/${slice.first.offset}`,
    integration: slice.integration,
    generation: slice.generation,
    ids: [],
    created: 0,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    passedOver: 0,
    reactivated: 0,
    unknownStatus: 0,
    rejected: 0,
    problems: [],
    at: new Date(),
  };
}

function passOver(seen: SeenDocument): void {
  seen.skipped += 1;
  seen.passedOver += 1;
}

function reject(seen: SeenDocument, user: Pick<RawUser, 'id'>, code: string, message: string): void {
  seen.rejected += 1;
  seen.problems.push({ id: user.id, code, message });
}

function differsFromSource(active: boolean, user: RawUser): boolean {
  return user.status !== 'unknown' && (user.status === 'active') !== active;
}

/** A field that could not be made keeps the value that it had: a mistake in an expression empties nothing. */
function withKept(candidate: Candidate, before: AccountDocument): Candidate {
  if (candidate.failures.length === 0) return candidate;
  const kept = candidate.failures.map(({ to }) => [to, before.values[to] ?? null] as const);
  return { ...candidate, values: { ...candidate.values, ...Object.fromEntries(kept) } };
}

function noteFailure(seen: SeenDocument, user: RawUser, { to, message }: FieldFailure): void {
  const text = `The field "${to}" could not be made: ${message} It keeps its value. Correct the mapping.`;
  seen.problems.push({ id: user.id, code: 'mapping-failed', message: text });
}

/** A hold keeps the record as it is; the run reports the difference (D7 of the requirements, E8). */
function noteHeld(seen: SeenDocument, user: RawUser, active: boolean): void {
  seen.problems.push({
    id: user.id,
    code: 'held-differs',
    message: `The record is held ${active ? 'active' : 'inactive'}, but the vendor says ${user.status}. Lift the hold to let runs decide again.`,
  });
}
