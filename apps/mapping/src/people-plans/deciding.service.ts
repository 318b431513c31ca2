import { Injectable } from '@nestjs/common';
import { Databases, inTransaction, type PeoplePlanDocument } from '@rollcall/collections';
import type { approvePeoplePlan, InputOf, PeoplePlanRecord } from '@rollcall/contracts';
import type { CommandContext } from '@rollcall/messaging';

import { DuePeopleRepository } from './due-people.repository.js';
import {
  peoplePlanChanged,
  peoplePlanDecided,
  peoplePlanExpired,
  peoplePlanNotExecuted,
  peoplePlanNotFound,
} from './people-plans.errors.js';
import { PeoplePlansRepository, type Session } from './people-plans.repository.js';
import { PlanCausesService } from './plan-causes.service.js';
import { toPlanRecord } from './plan-record.js';

type Decider = Pick<CommandContext, 'session' | 'actor'>;

/** What becomes of held plans by a person's word or by time, and the undo of plans that were carried out. */
@Injectable()
export class DecidingService {
  constructor(
    private readonly databases: Databases,
    private readonly plans: PeoplePlansRepository,
    private readonly due: DuePeopleRepository,
    private readonly causes: PlanCausesService,
  ) {}

  /** @throws PeoplePlanError when it is not there, not held, another one than was looked at, or not theirs to approve */
  async approve(
    { plan: id, hash, note, holders }: InputOf<typeof approvePeoplePlan>,
    { session, actor }: Decider,
  ): Promise<PeoplePlanRecord> {
    const plan = await this.heldOne(id, session);
    if (plan.hash !== hash) throw peoplePlanChanged();
    await this.causes.requireAnotherPerson(plan, actor, holders, session);
    const decided = { decidedBy: actor, decidedAt: this.databases.time().toISOString(), note };
    return toPlanRecord(await this.plans.move(session, plan, { state: 'executing', line: 0, ...decided }));
  }

  async reject(id: string, note: string | null, { session, actor }: Decider): Promise<PeoplePlanRecord> {
    const plan = await this.heldOne(id, session);
    const decided = { decidedBy: actor, decidedAt: this.databases.time().toISOString(), note };
    return toPlanRecord(await this.plans.move(session, plan, { state: 'rejected', ...decided }));
  }

  async undo(id: string, { session, actor }: Decider): Promise<PeoplePlanRecord> {
    const plan = await this.get(id, session);
    if (plan.state !== 'executed') throw peoplePlanNotExecuted(plan);
    const undo = { by: actor, at: this.databases.time().toISOString(), reactivated: null, left: null };
    return toPlanRecord(await this.plans.move(session, plan, { state: 'undoing', line: 0, undo }));
  }

  /** Ends one held plan that nobody decided on in time, or of which nobody is due any more; false when there is none. */
  async endOne(): Promise<boolean> {
    const now = this.databases.time();
    const plan = await this.findOver(now);
    if (plan === null) return false;
    const state = isExpired(plan, now) ? 'expired' : 'closed';
    await inTransaction(this.databases, (session) => this.plans.move(session, plan, { state }));
    return true;
  }

  async isNeeded(): Promise<boolean> {
    return (await this.findOver(this.databases.time())) !== null;
  }

  private async findOver(now: Date): Promise<PeoplePlanDocument | null> {
    for (const plan of await this.plans.inState('held')) {
      if (isExpired(plan, now) || !(await this.due.anyOf(plan._id))) return plan;
    }
    return null;
  }

  private async heldOne(id: string, session: Session): Promise<PeoplePlanDocument> {
    const plan = await this.get(id, session);
    if (plan.state !== 'held') throw peoplePlanDecided(plan);
    if (isExpired(plan, this.databases.time())) throw peoplePlanExpired();
    return plan;
  }

  private async get(id: string, session: Session): Promise<PeoplePlanDocument> {
    const plan = await this.plans.find(id, session);
    if (plan === null) throw peoplePlanNotFound(id);
    return plan;
  }
}

function isExpired({ expiresAt }: PeoplePlanDocument, now: Date): boolean {
  return expiresAt !== null && expiresAt <= now;
}
