import { Injectable } from '@nestjs/common';
import type { AccountDocument, PersonDocument, UndoLineDocument } from '@rollcall/collections';
import type { UndoCounts, UndoLeft } from '@rollcall/contracts';

import { type ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { FoldSession } from '../people/fold-session.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { PeopleReadsRepository } from '../people/people-reads.repository.js';
import { isProtected } from '../plans/protection.js';
import { HistoryReader, isOfRun, type PastChange, type RecordHistory } from './record-history.js';
import { restoreAccount, type Surroundings } from './restore-account.js';
import { restoredPerson } from './restore-person.js';
import { UndoRepository } from './undo.repository.js';
import { type AccountEffects, countsOf, effectsOf } from './undo-effects.js';
import { lineOf } from './undo-lines.js';

/** The run that is undone, and by whom. */
export interface UndoneRun {
  readonly run: string;
  readonly integration: string;
  readonly by: string;
  /** The credential's own users, which nobody deactivates (G7). */
  readonly ownUsers: readonly string[];
}

export interface PlannedUndo {
  readonly set: ChangeSet;
  readonly accounts: readonly AccountEffects[];
  /** What is left as it is, where no earlier page said so. */
  readonly lines: readonly UndoLineDocument[];
  readonly counts: UndoCounts;
}

/** One page on its way from what was read to what is written. */
interface Work {
  readonly undone: UndoneRun;
  readonly fold: FoldSession;
  readonly origin: ChangeOrigin;
  readonly left: Map<string, UndoLeft[]>;
  /** People who lost an account. */
  readonly bereft: Set<string>;
  /** This run, and those undone before that made people of this page: whom they made exists by their accounts only. */
  undoneRuns: ReadonlySet<string>;
}

/** A line changes one account and at most the two people that it may move between. */
const numbersPerLine = 3;

/** Turns a page of what a run did into what has to be written to take it back (H7). Reads, never writes. */
@Injectable()
export class UndoPlanner {
  constructor(
    private readonly reads: PeopleReadsRepository,
    private readonly settings: FoldSettingsRepository,
    private readonly repository: UndoRepository,
  ) {}

  /** @param line number of lines before this page, so that the numbers of changes never meet those of other pages */
  async plan(
    undone: UndoneRun,
    accounts: ReadonlyMap<string, PastChange | null>,
    origin: ChangeOrigin,
    line: number,
  ): Promise<PlannedUndo> {
    const work = await this.begin(undone, [...accounts.keys()], origin);
    const { fold, left } = work;
    const histories = await this.historiesOf(undone, accounts, fold);
    const owners = [...histories.values()].flatMap((history) => formerOwnersOf(history));
    if (owners.length > 0) await fold.load([], [], owners);
    work.undoneRuns = await this.undoneRuns(work, histories);
    for (const [id, history] of histories) if (!history.isUndone) this.takeBack(work, id, history);
    for (const id of accounts.keys()) {
      if (isGone(fold.account(id))) left.set(id, [{ field: null, reason: 'gone', by: null, at: null }]);
    }
    await this.leavePeople(work);
    const set = new ChangeSet(numbersPerLine * line);
    const { blamed } = await fold.writeTo(set);
    for (const id of blamed) noteTakenKey(work, id, histories.get(id));
    const lines = await this.newLines(work);
    const effects = effectsOf(set);
    return { set, accounts: effects, lines, counts: countsOf(effects, lines) };
  }

  /** Accounts whose unique value was not free when they were undone; by now whoever had it may have given it up. */
  async planKeys(
    undone: UndoneRun,
    accounts: readonly string[],
    origin: ChangeOrigin,
    line: number,
  ): Promise<{ readonly set: ChangeSet; readonly stillTaken: ReadonlySet<string> }> {
    const { fold } = await this.begin(undone, accounts, origin);
    for (const id of accounts) {
      const account = fold.account(id);
      if (account?.error?.code === keyTaken) fold.draft({ ...account, error: null, hash: null }, origin);
    }
    const set = new ChangeSet(numbersPerLine * line);
    const { blamed } = await fold.writeTo(set);
    return { set, stillTaken: blamed };
  }

  private async begin(undone: UndoneRun, accounts: readonly string[], origin: ChangeOrigin): Promise<Work> {
    const fold = new FoldSession(this.reads, await this.settings.get());
    await fold.load(accounts, []);
    return { undone, fold, origin, left: new Map(), bereft: new Set(), undoneRuns: new Set([undone.run]) };
  }

  /** Of accounts that stand as the run left them, their history is known already. */
  private async historiesOf(
    { run }: UndoneRun,
    accounts: ReadonlyMap<string, PastChange | null>,
    fold: FoldSession,
  ): Promise<Map<string, RecordHistory>> {
    const readers = new Map<string, HistoryReader>();
    const revisions = new Map<string, number>();
    for (const [id, first] of accounts) {
      const account = fold.account(id);
      if (account === undefined || isGone(account)) continue;
      const reader = new HistoryReader(run, isMadeBy(account, run));
      readers.set(id, reader);
      const known = first?.revision ?? 1;
      if (account.revision === known && first !== null) reader.add(first);
      else if (account.revision > known) revisions.set(id, first === null ? 2 : first.revision);
    }
    for await (const change of this.repository.changesFrom(revisions)) readers.get(change.record)!.add(change);
    return new Map([...readers].map(([id, reader]) => [id, reader.result()]));
  }

  private async undoneRuns({ undone, fold }: Work, histories: ReadonlyMap<string, RecordHistory>) {
    const runs = new Set<string>();
    for (const [id, { isCreation, fields }] of histories) {
      const owner = fold.account(id)?.person ?? null;
      const cause = owner === null ? undefined : fold.person(owner)?.created.cause;
      if (cause?.kind === 'run' && cause.run !== undone.run && (isCreation || fields.has('person')))
        runs.add(cause.run);
    }
    return (await this.repository.undoneOf([...runs])).add(undone.run);
  }

  private takeBack(work: Work, id: string, history: RecordHistory): void {
    const { undone, fold, origin, left } = work;
    const account = fold.account(id)!;
    const restoration = restoreAccount(account, history, surroundingsOf(account, history, work));
    if (restoration.left.length > 0) left.set(id, [...restoration.left]);
    const { draft } = restoration;
    if (restoration.takesBack) fold.retire(id, { by: undone.by, at: origin.time, run: undone.run }, origin);
    else if (draft !== null) draftOf(work, draft, account);
    if (account.person !== null && fold.account(id)!.person === null) work.bereft.add(account.person);
  }

  /** People who are left without accounts: those whom the run made were never there; others are as they were before it. */
  private async leavePeople(work: Work): Promise<void> {
    const { undone, fold, origin, bereft } = work;
    const alone = [...bereft].flatMap((id) => (isEmpty(fold.accountsOf(id)) ? (fold.person(id) ?? []) : []));
    const others: PersonDocument[] = [];
    for (const person of alone) {
      if (!isMadeByUndone(person, work)) others.push(person);
      else fold.changePerson(person._id, { undone: { run: undone.run, at: origin.time } });
    }
    const readers = new Map(others.map(({ _id }) => [_id, new HistoryReader(undone.run)]));
    const all = new Map(others.map(({ _id }) => [_id, 2]));
    for await (const change of this.repository.changesFrom(all)) readers.get(change.record)!.add(change);
    for (const person of others) {
      fold.changePerson(person._id, { previous: restoredPerson(person, readers.get(person._id)!.result()) });
    }
  }

  /** A run may have changed an account twice; what its first line said stays. */
  private async newLines({ undone, fold, left, origin }: Work): Promise<UndoLineDocument[]> {
    const known = await this.repository.linesOf(undone.run, [...left.keys()]);
    return [...left]
      .filter(([id]) => !known.has(id))
      .map(([id, what]) => lineOf(undone.run, id, fold.account(id), what, new Date(origin.time)));
  }
}

/** Nothing is left of an erased one that could be taken back. */
function isGone(account: AccountDocument | undefined): boolean {
  return account === undefined || account.erasedAt !== undefined;
}

const keyTaken = 'key-taken';

function surroundingsOf(account: AccountDocument, history: RecordHistory, work: Work): Surroundings {
  const { undone, fold } = work;
  const person = account.person === null ? null : fold.person(account.person);
  const protectedPeople = new Set(person?.protected ? [person._id] : []);
  return {
    isProtected: isProtected(account, { pinned: { ownUsers: [...undone.ownUsers] } }, protectedPeople),
    editedPerson: person !== null && isEdited(person) && isLastOf(person, work) ? person : null,
    isFormerPersonMerged: formerOwnersOf(history).some((owner) => fold.person(owner)?.mergedInto !== null),
  };
}

/** Whom an account belonged to before; none, if that was nobody or the run did not touch it. */
function formerOwnersOf({ fields }: RecordHistory): string[] {
  const former = (fields.get('person')?.old as string | null | undefined) ?? null;
  return former === null ? [] : [former];
}

function draftOf({ fold, origin }: Work, restored: AccountDocument, before: AccountDocument): void {
  const draft = { ...restored, hash: null, observedAt: Date.parse(origin.time), observedBy: 'command' as const };
  if (draft.person === null && before.person !== null) fold.disown(draft, origin);
  else fold.draft(draft, origin);
}

function noteTakenKey({ left }: Work, id: string, history: RecordHistory | undefined): void {
  if (history === undefined) return;
  left.set(id, [...(left.get(id) ?? []), { field: null, reason: keyTaken, by: null, at: null }]);
}

function isMadeBy({ created }: AccountDocument, run: string): boolean {
  return isOfRun(created.cause, run);
}

function isMadeByUndone({ created: { cause } }: PersonDocument, { undoneRuns }: Work): boolean {
  return cause.kind === 'run' && undoneRuns.has(cause.run);
}

/** They were made for this account, and have no other. */
function isLastOf(person: PersonDocument, work: Work): boolean {
  return isMadeByUndone(person, work) && [...work.fold.accountsOf(person._id)].length === 1;
}

function isEdited({ overrides, hold }: PersonDocument): boolean {
  return hold !== null || Object.keys(overrides).length > 0;
}

function isEmpty(items: Iterable<unknown>): boolean {
  return [...items].length === 0;
}
