import { hash as digest } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { Databases, inTransaction, type PeoplePlanDocument } from '@rollcall/collections';
import { peoplePlanHeld } from '@rollcall/contracts';
import { peopleReasons, type Reason } from '@rollcall/deactivation-guard';
import { Outbox } from '@rollcall/messaging';

import { DuePeopleRepository, groupOf } from './due-people.repository.js';
import { PeoplePlansRepository, type SameCause, type Session } from './people-plans.repository.js';
import { PlanCausesService } from './plan-causes.service.js';
import { toPlanRecord } from './plan-record.js';

const dayMs = 24 * 60 * 60 * 1000;
/** For so long a person may decide, as on held runs. */
const lifeMs = 7 * dayMs;

/** What the guard needs to know of a plan, stored or only thought of. */
export interface Judged {
  /** Whom it would make inactive, protected ones left out. */
  readonly staged: number;
  /** What the same cause did before, in people. */
  readonly earlier: number;
  /** Whose earlier plans are not counted twice; null for a change that is not made yet. */
  readonly same: SameCause | null;
  readonly protectedNames: readonly string[];
}

/** Decides on people plans: amount and protected people, by the rules of runs. */
@Injectable()
export class JudgingService {
  constructor(
    private readonly databases: Databases,
    private readonly plans: PeoplePlansRepository,
    private readonly due: DuePeopleRepository,
    private readonly causes: PlanCausesService,
    private readonly outbox: Outbox,
  ) {}

  /** Judges one plan whose people are all written down; false when there is none. */
  async step(): Promise<boolean> {
    const plan = await this.next();
    if (plan === null) return false;
    if (!(await this.due.anyOf(plan._id))) {
      await inTransaction(this.databases, (session) => this.plans.move(session, plan, { state: 'closed' }));
      return true;
    }
    const hash = await this.hashOf(plan._id);
    const active = await this.due.countActive();
    const protectedNames = await this.plans.namesOfProtected(plan._id);
    const doubts = await this.causes.doubts(plan.cause);
    const now = this.databases.time();
    await inTransaction(this.databases, async (session) => {
      await this.plans.takeTurn(session);
      const earlier = await this.plans.earlierOf(plan, session);
      const judged = { staged: plan.staged - plan.protected, earlier, same: plan, protectedNames };
      const reasons = [...(await this.reasons(judged, active, session)), ...doubts];
      if (reasons.length > 0) return this.hold(session, plan, { hash, active, reasons }, now);
      const set = { state: 'executing' as const, hash, active, reasons: [], line: 0, decidedAt: now.toISOString() };
      await this.plans.move(session, plan, set);
    });
    return true;
  }

  /** A plan is judged as a whole: not while somebody of its group is still to be taken up. */
  async next(): Promise<PeoplePlanDocument | null> {
    for (const plan of await this.plans.inState('collecting')) {
      if ((await this.due.free(groupOf(plan.cause), 1)).length === 0) return plan;
    }
    return null;
  }

  async reasons(judged: Judged, active: number, session?: Session): Promise<Reason[]> {
    const { staged, earlier, same, protectedNames } = judged;
    const sweptToday = await this.plans.sum(new Date(this.databases.timeMs() - dayMs).toISOString(), same, session);
    const amounts =
      staged === 0 ? [] : peopleReasons({ active: active + earlier, staged: staged + earlier, sweptToday });
    return [...amounts, ...protectedReasons(protectedNames)];
  }

  private async hold(
    session: Session,
    plan: PeoplePlanDocument,
    { hash, active, reasons }: { hash: string; active: number; reasons: Reason[] },
    now: Date,
  ): Promise<void> {
    const since = new Date(now.getTime() - lifeMs).toISOString();
    const known = await this.plans.sameIncident(hash, since, plan._id);
    const held = await this.plans.move(session, plan, {
      state: 'held',
      hash,
      incident: known?.incident ?? `people-held/${plan._id}`,
      active,
      reasons,
      expiresAt: new Date(now.getTime() + lifeMs),
    });
    await this.outbox.event(session, peoplePlanHeld, {
      id: `${plan._id}/${hash}`,
      key: plan._id,
      subject: plan._id,
      time: now.toISOString(),
      data: { plan: toPlanRecord(held) },
    });
  }

  /** The same people have the same hash, in whatever order they were found. */
  private async hashOf(plan: string): Promise<string> {
    const people: string[] = [];
    for await (const person of this.plans.peopleOf(plan)) people.push(person);
    return digest('sha256', people.sort().join('\n'), 'base64url');
  }
}

function protectedReasons(names: readonly string[]): Reason[] {
  if (names.length === 0) return [];
  const more = names.length > 5 ? ' and others' : '';
  return [
    {
      code: 'protected-person',
      message:
        `Protected people would become inactive: ${names.slice(0, 5).join(', ')}${more}. Nobody was deactivated. Look at ` +
        'them; an approval leaves them active, and if they should be deactivated nevertheless, remove the protection first.',
    },
  ];
}
