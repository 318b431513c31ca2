import { Injectable } from '@nestjs/common';
import type { AccountDocument, PreviewLineDocument, SeenDocument } from '@rollcall/collections';
import { accountId } from '@rollcall/contracts';

import {
  isDormant,
  isFromTheFuture,
  isMarkable,
  isOutdated,
  isTakenBack,
  type Link,
  madeAgain,
  markedOnly,
  newAccount,
  type Refusal,
  seenAgain,
} from '../accounts/apply-user.js';
import { ErasedUsersRepository } from '../accounts/erased-users.repository.js';
import { identityConflict } from '../accounts/identity.js';
import { type ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { positionText } from '../changes/positions-in-text.js';
import { FoldSession } from '../people/fold-session.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { type Match, matchPerson, sharedKey } from '../people/match-person.js';
import { PeopleReadsRepository } from '../people/people-reads.repository.js';
import { PreviewsService } from '../previews/previews.service.js';
import type { Candidate, MappedSlice, RefusedCandidate, Sighting } from './mapped-slice.js';
import { note, noteFromTheFuture, noteHeld, noteOutdated, reject } from './seen-chunk.js';
import {
  differsFromSource,
  type Effect,
  effectOf,
  isLookedAt,
  isSameButObserved,
  matchesPreview,
  noteReturn,
  ruleOf,
  wasMatchedBy,
  withKept,
  type Work,
} from './slice-work.js';
import { stayingErased, withoutErased } from './without-erased.js';

export interface PlannedRecords {
  readonly set: ChangeSet;
  readonly seen: SeenDocument;
  /** Accounts of the slice with values, for tracking. */
  readonly touched: readonly string[];
  /** What a preview writes in the place of the set (E6); null for any other run. */
  readonly preview: readonly PreviewLineDocument[] | null;
}

type Tally = 'created' | 'updated' | 'unchanged' | 'outdated' | 'skipped';

/** Turns a slice of users into what has to be written (B7–B12). Reads, never writes. */
@Injectable()
export class RecordSlicePlanner {
  constructor(
    private readonly reads: PeopleReadsRepository,
    private readonly settings: FoldSettingsRepository,
    private readonly previews: PreviewsService,
    private readonly erasedUsers: ErasedUsersRepository,
  ) {}

  async plan(mapped: MappedSlice, forcedRefusals: ReadonlySet<string>): Promise<PlannedRecords> {
    const { slice, reading, observed, refused } = mapped;
    const seen: SeenDocument = { ...mapped.seen, problems: [...mapped.seen.problems] };
    const set = new ChangeSet();
    const idOf = ({ user }: Sighting) => accountId(slice.integration, user.id);
    const preview = reading.pinned.scope === 'preview' ? this.previews.readsOf(reading) : null;
    const reads = preview ?? this.reads;
    const touched = observed.map(idOf);
    const stored = await reads.hashesOf([...touched, ...refused.map(idOf)]);
    const newcomers = [...observed, ...refused].filter((sighting) => !stored.has(idOf(sighting)));
    const erased = stayingErased(mapped, await this.erasedAmong(slice.integration, newcomers));
    if (erased.size > 0) return this.plan(withoutErased(mapped, erased), forcedRefusals);
    const isOther = (sighting: Sighting) => isLookedAt(stored.get(idOf(sighting)), sighting.hash, reading);
    const candidates = observed.filter(isOther);
    const marked = refused.filter((sighting) => stored.has(idOf(sighting)) && isOther(sighting));
    seen.unchanged += observed.length - candidates.length;
    if (candidates.length + marked.length === 0) return { set, seen, touched, preview: preview && [] };

    const fold = new FoldSession(reads, await this.settings.get(), forcedRefusals);
    const ids = [...candidates, ...marked].map(idOf);
    await fold.load(
      ids.filter((id) => stored.has(id)),
      candidates.flatMap(({ keys }) => [...keys.values()]),
      [],
      candidates.some((candidate) => (stored.get(idOf(candidate))?.person ?? null) === null),
    );
    const applied = await this.previews.appliedTo(reading, ids);
    const work: Work = { mapped, fold, set, seen, applied, rules: new Map() };
    const tallies = new Map<string, Tally>();
    for (const candidate of candidates) {
      const tally = this.take(work, candidate);
      if (tally !== null) tallies.set(idOf(candidate), tally);
    }
    for (const candidate of marked) this.takeMarks(work, candidate);
    const { blamed } = await fold.writeTo(set);
    this.count(tallies, blamed, work);
    return {
      set,
      seen,
      touched,
      preview: preview && this.previews.linesOf(reading, set, preview, work.rules, seen.at),
    };
  }

  private erasedAmong(integration: string, newcomers: readonly Sighting[]) {
    const ids = newcomers.map(({ user }) => user.id);
    return this.erasedUsers.among(integration, ids);
  }

  /** Null: rejected, and nothing changes. */
  private take(work: Work, candidate: Candidate): Tally | null {
    const { mapped, fold, seen } = work;
    const { pinned } = mapped.reading;
    const id = accountId(mapped.slice.integration, candidate.user.id);
    const before = fold.account(id);
    if (!before) return this.takeNew(work, candidate);
    if (isTakenBack(before)) return this.takeAgain(work, candidate, before);
    if (pinned.preference === 'create-only') return 'unchanged';
    if (this.isOutdated(work, before, candidate)) return 'outdated';
    const conflict = identityConflict(before, candidate, mapped.mapping.keyFields);
    if (conflict !== null) {
      reject(seen, candidate.user, 'identity-conflict', conflict);
      return null;
    }
    if (before.hold && differsFromSource(before.active, candidate.user)) noteHeld(seen, candidate.user, before.active);
    const seenDraft = seenAgain(before, pinned, withKept(candidate, before), mapped.mapping.restoresArchived);
    const effect = effectOf(before, seenDraft);
    const draft = this.relink(work, candidate, seenDraft, effect);
    if (draft === 'skip') return 'skipped';
    if (draft === 'unknown') {
      this.takeMarks(work, { ...candidate, refusal: { bringsBack: false } });
      return 'skipped';
    }
    if (effect === 'reactivate') noteReturn(work, id);
    fold.draft(draft, this.originOf(mapped, candidate.offset));
    return 'updated';
  }

  private isOutdated({ seen }: Work, before: AccountDocument, { user, askedAt }: Sighting): boolean {
    const now = seen.at.getTime();
    if (before.observedBy === 'command' && isFromTheFuture(before, now))
      noteFromTheFuture(seen, user, before.observedAt);
    if (!isOutdated(before, askedAt, now)) return false;
    noteOutdated(seen, user);
    return true;
  }

  /** What the vendor says of an account whose values are not written (H2). Writes nothing where nothing is new. */
  private takeMarks(work: Work, candidate: RefusedCandidate): void {
    const { mapped, fold, seen } = work;
    const { reading, mapping, slice } = mapped;
    const before = fold.account(accountId(slice.integration, candidate.user.id))!;
    if (!isMarkable(before, reading.pinned) || this.isOutdated(work, before, candidate)) return;
    const refusal = refusalFor(before, candidate);
    const { bringsBack } = refusal;
    const conflict = identityConflict(before, candidate, mapping.keyFields);
    if (conflict !== null) {
      if (bringsBack) note(seen, { id: candidate.user.id, code: 'identity-conflict', message: conflict });
      return;
    }
    if (before.hold && differsFromSource(before.active, candidate.user)) noteHeld(seen, candidate.user, before.active);
    const draft = markedOnly(before, reading.pinned, candidate, refusal, mapping.restoresArchived);
    if (isSameButObserved(before, draft)) return;
    const effect = effectOf(before, draft);
    if (!matchesPreview(work, draft._id, effect, draft.person ?? 'undecided')) return;
    if (effect === 'reactivate') noteReturn(work, draft._id);
    fold.draft(draft, this.originOf(mapped, candidate.offset));
  }

  /**
   * An account that waits for a decision is matched again in each run, and so is a dormant one that is active now; any
   * other stays with its person (D5).
   */
  private relink(
    work: Work,
    candidate: Candidate,
    draft: AccountDocument,
    effect: Effect,
  ): AccountDocument | 'skip' | 'unknown' {
    if (draft.person !== null && !(isDormant(draft) && draft.active))
      return matchesPreview(work, draft._id, effect, draft.person) ? draft : 'skip';
    const link = this.linkOf(work, candidate, effect, draft.active);
    if (typeof link === 'string') return link;
    if (link.error) reject(work.seen, candidate.user, link.error.code, link.error.message);
    const { dormant, ...settled } = draft;
    // An undo may give it back to whom it was taken from, and then the question is as open as before.
    const isOpen = dormant === true && link.person === null;
    return { ...(isOpen ? draft : settled), ...link, hash: link.error ? null : draft.hash };
  }

  private takeNew(work: Work, candidate: Candidate): Tally {
    const { fold, mapped, set, seen } = work;
    const { slice, reading } = mapped;
    const origin = this.originOf(mapped, candidate.offset);
    const link = this.linkOf(work, candidate, 'create', candidate.user.status !== 'inactive');
    if (typeof link === 'string') return 'skipped';
    if (link.error) reject(seen, candidate.user, link.error.code, link.error.message);
    fold.draft(newAccount(slice.integration, reading.pinned, candidate, set.place(origin), link), origin);
    return 'created';
  }

  /** An undo took the account back; the vendor lists the user again, so it is made anew and matched anew. */
  private takeAgain(work: Work, candidate: Candidate, before: AccountDocument): Tally {
    if (this.isOutdated(work, before, candidate)) return 'outdated';
    const { fold, mapped, seen } = work;
    const link = this.linkOf(work, candidate, 'create', candidate.user.status !== 'inactive');
    if (typeof link === 'string') return 'skipped';
    if (link.error) reject(seen, candidate.user, link.error.code, link.error.message);
    const again = madeAgain(before, mapped.reading, candidate, link);
    fold.draft(again, this.originOf(mapped, candidate.offset));
    return 'created';
  }

  /** The person an account gets, by preference (D5, D6), unless a preview is applied that foretold another (E7). */
  private linkOf(work: Work, candidate: Candidate, effect: Effect, active: boolean): 'skip' | 'unknown' | Link {
    const { mapped, fold, rules } = work;
    const { slice, reading, mapping } = mapped;
    const { preference } = reading.pinned;
    const id = accountId(slice.integration, candidate.user.id);
    const match = this.matchOf(work, candidate, id, active);
    if (match.kind === 'none' && preference === 'update-only') return 'unknown';
    if (!matchesPreview(work, id, effect, match.kind === 'person' ? match.person : match.kind)) return 'skip';
    rules.set(id, ruleOf(match, mapping.syncKeys));
    switch (match.kind) {
      case 'undecided': {
        const { code, message, candidates } = match;
        return { person: null, passive: false, error: { code, message, candidates: [...candidates] } };
      }
      case 'person':
        return {
          ...{ person: match.person, passive: preference === 'create-only', error: null },
          ...(match.isDormant && { dormant: true }),
        };
      case 'none': {
        const origin = this.originOf(mapped, candidate.offset);
        const { values, askedAt: at } = candidate;
        return { person: fold.createPerson({ values, account: id, at }, origin), passive: false, error: null };
      }
    }
  }

  /** A first account that came to somebody else's person by a value which a second one has too waits as well. */
  private matchOf(work: Work, candidate: Candidate, id: string, active: boolean): Match {
    const { fold, seen, mapped } = work;
    const { slice, mapping } = mapped;
    const account = { id, integration: slice.integration, active, values: candidate.values };
    const match = matchPerson(account, mapping.syncKeys, fold, mapping.matching);
    if (match.kind !== 'undecided' || !match.shared) return match;
    const first = fold.account(match.shared.account);
    if (first === undefined || !wasMatchedBy(first, slice.run, fold)) return match;
    const { code, message, candidates } = sharedKey(match.shared.field, [first.person!]);
    fold.unlink(first._id, { code, message, candidates: [...candidates] }, this.originOf(mapped, candidate.offset));
    reject(seen, { id: first.vendorId }, code, message);
    return matchPerson(account, mapping.syncKeys, fold, mapping.matching);
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
      // Counted where it is named.
      if (tally === 'outdated') continue;
      // Looked at again for want of a hash (B9), and found as it was.
      seen[tally === 'updated' && !revised.has(id) ? 'unchanged' : tally] += 1;
      const account = fold.account(id);
      if (account?.error && blamed.has(id)) {
        reject(seen, { id: account.vendorId }, account.error.code, account.error.message);
      }
    }
  }
}

/** Whose a dormant account is is asked before it is active again, which a record with nothing but errors does not. */
function refusalFor(before: AccountDocument, { refusal }: RefusedCandidate): Refusal {
  return isDormant(before) ? { bringsBack: false } : refusal;
}
