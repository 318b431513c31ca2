import { Injectable } from '@nestjs/common';
import { Databases, inTransaction, type PeoplePlanDocument, type PeoplePlanLineDocument } from '@rollcall/collections';
import type { Cause } from '@rollcall/contracts';

import type { ChangeOrigin } from '../changes/change-set.js';
import { CommandChanges } from '../people/command-changes.js';
import { foldActive } from '../people/fold-person.js';
import type { FoldSession } from '../people/fold-session.js';
import { whyProtected } from '../plans/protection.js';
import { type OwnUsers, ReadingsRepository } from '../readings/readings.repository.js';
import { PeoplePlansRepository, type Session } from './people-plans.repository.js';

const linesPerTransaction = 100;

type Settled = Pick<PeoplePlanLineDocument, '_id' | 'state' | 'reason'>;

/** Carries people plans out and takes them back, in transactions of bounded size; a crash goes on with the stored line. */
@Injectable()
export class CarryingOutService {
  constructor(
    private readonly databases: Databases,
    private readonly plans: PeoplePlansRepository,
    private readonly changes: CommandChanges,
    private readonly readings: ReadingsRepository,
  ) {}

  async isNeeded(): Promise<boolean> {
    return (await this.plans.next('executing')) !== null || (await this.plans.next('undoing')) !== null;
  }

  /** Some lines of one plan; false when there is nothing to carry out or to take back. */
  async step(): Promise<boolean> {
    const plan = (await this.plans.next('executing')) ?? (await this.plans.next('undoing'));
    if (plan === null) return false;
    const lines = await this.plans.linesFrom(plan._id, plan.line, linesPerTransaction);
    if (lines.length === 0) await inTransaction(this.databases, (session) => this.finish(session, plan));
    else if (plan.state === 'executing') await this.carryOut(plan, lines);
    else await this.takeBack(plan, lines);
    return true;
  }

  private async carryOut(plan: PeoplePlanDocument, lines: readonly PeoplePlanLineDocument[]): Promise<void> {
    const { kind: from } = plan.cause;
    const initial = plan.cause.kind === 'run' && plan.cause.initial;
    const cause: Cause = { kind: 'people-plan', plan: plan._id, from, initial };
    const ownUsers = await this.readings.ownUsers();
    await this.inOne(plan, lines, cause, (fold, origin) =>
      lines.map((line): Settled => {
        const reason = whyStale(plan, line, fold, ownUsers);
        // Touched all the same: whoever is active by the fold of now is not due any more.
        if (fold.person(line.person) !== null) fold.touchPerson(line.person, origin);
        if (reason !== null) return { _id: line._id, state: 'stale', reason };
        fold.changePerson(line.person, { planStep: { does: 'deactivate', plan: plan._id, cause: plan.cause } });
        return { _id: line._id, state: 'executed', reason: null };
      }),
    );
  }

  private async takeBack(plan: PeoplePlanDocument, lines: readonly PeoplePlanLineDocument[]): Promise<void> {
    const executed = lines.filter(({ state }) => state === 'executed');
    await this.inOne(plan, lines, { kind: 'people-plan-undo', plan: plan._id }, (fold, origin) =>
      executed.map((line): Settled => {
        const reason = whyLeft(plan, line, fold);
        if (reason !== null) return { _id: line._id, state: 'left', reason };
        fold.touchPerson(line.person, origin);
        fold.changePerson(line.person, { planStep: { does: 'reactivate', plan: plan._id, cause: plan.cause } });
        return { _id: line._id, state: 'undone', reason: null };
      }),
    );
  }

  private async inOne(
    plan: PeoplePlanDocument,
    lines: readonly PeoplePlanLineDocument[],
    cause: Cause,
    settle: (fold: FoldSession, origin: ChangeOrigin) => Settled[],
  ): Promise<void> {
    const people = lines.map(({ person }) => person);
    await inTransaction(this.databases, async (session) => {
      let settled: Settled[] = [];
      await this.changes.apply(
        session,
        { id: `${cause.kind}-${plan._id}-${plan.line}`, cause },
        { accounts: [], people },
        (fold, origin) => {
          settled = settle(fold, origin);
        },
      );
      await this.plans.settleLines(session, settled);
      await this.plans.move(session, plan, { line: plan.line + lines.length });
    });
  }

  private async finish(session: Session, plan: PeoplePlanDocument): Promise<void> {
    if (plan.state === 'executing') {
      const deactivated = await this.plans.countLines(plan._id, 'executed', session);
      const set = { state: 'executed' as const, executedAt: this.databases.time().toISOString() };
      await this.plans.move(session, plan, { ...set, deactivated, stale: plan.staged - deactivated });
      return;
    }
    const reactivated = await this.plans.countLines(plan._id, 'undone', session);
    const left = await this.plans.countLines(plan._id, 'left', session);
    await this.plans.move(session, plan, { state: 'undone', undo: { ...plan.undo!, reactivated, left } });
  }
}

/** Each line is judged again, in the transaction that carries it out. */
function whyStale(
  plan: PeoplePlanDocument,
  { person: id }: PeoplePlanLineDocument,
  fold: FoldSession,
  ownUsers: OwnUsers,
): string | null {
  const person = fold.person(id);
  if (person === null) return 'the person is gone';
  if (person.mergedInto !== null) return 'the person was merged into another one';
  if (!person.active) return 'the person is inactive already';
  if (person.hold !== null) return 'the person is held';
  if (person.due?.plan !== plan._id) return 'nothing makes the person inactive any more';
  const own = [...fold.accountsOf(id)];
  const deciding = own.filter(({ passive }) => !passive);
  if (foldActive(deciding, { hold: null, previous: person }, fold.settings)) {
    return 'nothing makes the person inactive any more';
  }
  return whyProtected(person, own, ownUsers);
}

function whyLeft(plan: PeoplePlanDocument, { person: id }: PeoplePlanLineDocument, fold: FoldSession): string | null {
  const person = fold.person(id);
  if (person === null) return 'the person is gone';
  if (person.mergedInto !== null) return 'the person was merged into another one';
  if (person.active) return 'the person is active again';
  if (person.hold !== null) return 'the person is held inactive';
  if (person.deactivated?.plan !== plan._id) return 'the person has been deactivated again since then';
  return null;
}
