import { Inject, Injectable } from '@nestjs/common';
import type { AccountDocument, PreviewLineDocument, ReadingDocument, SeenDocument } from '@rollcall/collections';
import type { PreviewRule, RawUser } from '@rollcall/contracts';

import { accountId, isOutdated, newAccount, type ObservedUser, seenAgain } from '../accounts/apply-user.js';
import { identityConflict } from '../accounts/identity.js';
import { type ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { type PartitionName, positionText } from '../changes/positions-in-text.js';
import type { CompiledMapping, FieldFailure } from '../mappings/compile-mapping.js';
import { FoldSession } from '../people/fold-session.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { keysOf } from '../people/keys.js';
import { type Match, matchPerson } from '../people/match-person.js';
import { PeopleReads } from '../people/people-reads.repository.js';
import { type AppliedLines, PreviewsService } from '../previews/previews.service.js';
import { emptySeen, noteFailure, noteHeld, passOver, reject } from './seen-chunk.js';
import type { RecordsSlice } from './slice.js';

export interface PlannedRecords {
  readonly set: ChangeSet;
  readonly seen: SeenDocument;
  /** Accounts of the slice with values, for tracking. */
  readonly touched: readonly string[];
  /** What a preview writes in the place of the set (E6); null for any other run. */
  readonly preview: readonly PreviewLineDocument[] | null;
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
type Effect = NonNullable<PreviewLineDocument['inline']>;

/** One slice on its way from what was observed to what is written. */
interface Work {
  readonly mapped: MappedSlice;
  readonly fold: FoldSession;
  readonly set: ChangeSet;
  readonly seen: SeenDocument;
  /** All that a run may do that applies a preview; null for any other run (E7). */
  readonly applied: AppliedLines | null;
  /** How accounts came to their people, for previews. */
  readonly rules: Map<string, PreviewRule>;
}

/** Turns a slice of users into what has to be written (B7–B12). Reads, never writes. */
@Injectable()
export class RecordSlicePlanner {
  constructor(
    @Inject(PeopleReads) private readonly reads: PeopleReads,
    @Inject(FoldSettingsRepository) private readonly settings: FoldSettingsRepository,
    @Inject(PreviewsService) private readonly previews: PreviewsService,
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
    const { slice, reading, observed, mapping } = mapped;
    const seen: SeenDocument = { ...mapped.seen, problems: [...mapped.seen.problems] };
    const set = new ChangeSet();
    const idOf = (user: RawUser) => accountId(slice.integration, user.id);
    const preview = reading.pinned.scope === 'preview' ? this.previews.readsOf(reading) : null;
    const reads = preview ?? this.reads;
    const stored = await reads.hashesOf(observed.map(({ user }) => idOf(user)));
    const candidates = observed.filter(({ user, hash }) => stored.get(idOf(user))?.hash !== hash);
    seen.unchanged += observed.length - candidates.length;
    const touched = observed.map(({ user }) => idOf(user));
    if (candidates.length === 0) return { set, seen, touched, preview: preview && [] };

    const fold = new FoldSession(reads, await this.settings.get(), forcedRefusals);
    await fold.load(
      candidates.map(({ user }) => idOf(user)).filter((id) => stored.has(id)),
      candidates.flatMap(({ values }) => [...keysOf(values, mapping.uniqueFields).values()]),
    );
    const ids = candidates.map(({ user }) => idOf(user));
    const applied = await this.previews.appliedTo(reading, ids);
    const work: Work = { mapped, fold, set, seen, applied, rules: new Map() };
    const tallies = new Map<string, Tally>();
    for (const candidate of candidates) {
      const tally = this.take(work, candidate);
      if (tally !== null) tallies.set(idOf(candidate.user), tally);
    }
    const { blamed } = await fold.writeTo(set);
    this.count(tallies, blamed, work);
    return { set, seen, touched, preview: preview && this.previews.linesOf(reading, set, preview, work.rules) };
  }

  /** Null: rejected, and nothing changes. */
  private take(work: Work, candidate: Candidate): Tally | null {
    const { mapped, fold, seen } = work;
    const { pinned } = mapped.reading;
    const id = accountId(mapped.slice.integration, candidate.user.id);
    const before = fold.account(id);
    if (!before) return this.takeNew(work, candidate);
    if (pinned.preference === 'create-only' || isOutdated(before, candidate.askedAt)) return 'unchanged';
    const conflict = identityConflict(before, candidate, mapped.mapping.uniqueFields);
    if (conflict !== null) {
      reject(seen, candidate.user, 'identity-conflict', conflict);
      return null;
    }
    if (before.hold && differsFromSource(before.active, candidate.user)) noteHeld(seen, candidate.user, before.active);
    const seenDraft = seenAgain(before, pinned, withKept(candidate, before), mapped.mapping.restoresArchived);
    const effect = !before.active && seenDraft.active ? 'reactivate' : 'update';
    const draft = this.relink(work, candidate, seenDraft, effect);
    if (draft === 'skip') return 'skipped';
    if (effect === 'reactivate') noteReturn(work, id);
    fold.draft(draft, this.originOf(mapped, candidate.offset));
    return 'updated';
  }

  /** An account that waits for a decision is matched again in each run; any other stays with its person (D5). */
  private relink(work: Work, candidate: Candidate, draft: AccountDocument, effect: Effect): AccountDocument | 'skip' {
    if (draft.person !== null) return isForetold(work, draft._id, effect, draft.person) ? draft : 'skip';
    const link = this.linkOf(work, candidate, effect);
    if (link === 'skip') return link;
    if (link.error) reject(work.seen, candidate.user, link.error.code, link.error.message);
    return { ...draft, ...link, hash: link.error ? null : draft.hash };
  }

  private takeNew(work: Work, candidate: Candidate): Tally {
    const { fold, mapped, set, seen } = work;
    const { slice, reading } = mapped;
    const origin = this.originOf(mapped, candidate.offset);
    const link = this.linkOf(work, candidate, 'create');
    if (link === 'skip') return 'skipped';
    if (link.error) reject(seen, candidate.user, link.error.code, link.error.message);
    fold.draft(newAccount(slice.integration, reading.pinned, candidate, set.place(origin), link), origin);
    return 'created';
  }

  /** The person an account gets, by preference (D5, D6), unless a preview is applied that foretold another (E7). */
  private linkOf(
    work: Work,
    candidate: Candidate,
    effect: Effect,
  ): 'skip' | Pick<Parameters<typeof newAccount>[4], 'person' | 'passive' | 'error'> {
    const { mapped, fold, rules } = work;
    const { slice, reading, mapping } = mapped;
    const { preference } = reading.pinned;
    const id = accountId(slice.integration, candidate.user.id);
    const account = { id, integration: slice.integration, values: candidate.values };
    const match = matchPerson(account, mapping.syncKeys, fold);
    if (match.kind === 'none' && preference === 'update-only') return 'skip';
    if (!isForetold(work, id, effect, match.kind === 'person' ? match.person : match.kind)) return 'skip';
    rules.set(id, ruleOf(match, mapping.syncKeys));
    switch (match.kind) {
      case 'undecided': {
        const { code, message, candidates } = match;
        return { person: null, passive: false, error: { code, message, candidates: [...candidates] } };
      }
      case 'person':
        return { person: match.person, passive: preference === 'create-only', error: null };
      case 'none': {
        const origin = this.originOf(mapped, candidate.offset);
        return { person: fold.createPerson(candidate.values, origin), passive: false, error: null };
      }
    }
  }

  private originOf({ place, slice, reading, time }: MappedSlice, offset: number): ChangeOrigin {
    return {
      position: positionText(place, offset),
      time,
      cause: { kind: 'run', run: slice.run, integration: slice.integration, initial: reading.pinned.initial },
    };
  }

  private count(tallies: ReadonlyMap<string, Tally>, blamed: ReadonlySet<string>, { fold, set, seen }: Work): void {
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

/**
 * Whether an applied preview foretold the same effect on the same account, with the same person (E7).
 * @param owner the person; or that nobody is matched yet, or several are
 */
function isForetold({ applied }: Work, account: string, effect: Effect, owner: string): boolean {
  if (applied === null) return true;
  const line = applied.get(account);
  if (line?.inline !== effect) return false;
  const foretold = line.isNewPerson ? 'none' : (line.person ?? 'undecided');
  return foretold === owner;
}

function noteReturn({ seen, rules }: Work, account: string): void {
  seen.reactivated += 1;
  if (rules.has(account)) return;
  rules.set(account, { code: 'seen-again', text: 'The vendor says that the account is active again.' });
}

function ruleOf(match: Match, syncKeys: readonly string[]): PreviewRule {
  switch (match.kind) {
    case 'person':
      return { code: 'matched', text: `Its value of the sync key "${match.by}" belongs to that person.` };
    case 'none':
      return { code: 'no-match', text: `Nobody has its values of the sync keys (${syncKeys.join(', ')}).` };
    case 'undecided':
      return { code: 'undecided', text: match.message };
  }
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
