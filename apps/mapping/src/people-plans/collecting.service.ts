import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  Databases,
  type FoldSettingsDocument,
  inTransaction,
  type PeoplePlanDocument,
  type PeoplePlanLineDocument,
  type PersonDocument,
} from '@rollcall/collections';
import type { PeoplePlanState } from '@rollcall/contracts';
import { v7 as uuidv7 } from 'uuid';

import { ChangesRepository } from '../changes/changes.repository.js';
import { decidingAccounts } from '../people/fold-person.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { personName } from '../people/person-name.js';
import { whyProtected } from '../plans/protection.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { type DueGroup, DuePeopleRepository, groupName } from './due-people.repository.js';
import { lineId, PeoplePlansRepository } from './people-plans.repository.js';
import { type PlanCause, PlanCausesService } from './plan-causes.service.js';

const peoplePerTransaction = 200;
export const mostSamples = 20;

/** Plans of the same cause that take up who comes late; one that was carried out does not. */
const open: ReadonlySet<PeoplePlanState> = new Set(['collecting', 'held']);
/** A person said no to the cause, or nobody answered: who comes late shares that. */
const settled: ReadonlySet<PeoplePlanState> = new Set(['rejected', 'expired', 'undoing', 'undone']);

/** Writes down whom a cause would make inactive, once all of them are marked. */
@Injectable()
export class CollectingService {
  constructor(
    private readonly databases: Databases,
    private readonly plans: PeoplePlansRepository,
    private readonly due: DuePeopleRepository,
    private readonly causes: PlanCausesService,
    private readonly settings: FoldSettingsRepository,
    private readonly changes: ChangesRepository,
    private readonly readings: ReadingsRepository,
  ) {}

  async isNeeded(): Promise<boolean> {
    return (await this.next()) !== null;
  }

  /** Takes up some people; false when there is nobody to take up. */
  async step(): Promise<boolean> {
    const group = await this.next();
    if (group === null) return false;
    const people = await this.due.free(group, peoplePerTransaction);
    if (people.length > 0) await this.takeUp(group, people);
    return true;
  }

  private async next(): Promise<DueGroup | null> {
    for (const group of await this.due.freeGroups()) {
      if (await this.causes.isComplete(group)) return group;
    }
    return null;
  }

  private async takeUp(group: DueGroup, people: readonly PersonDocument[]): Promise<void> {
    const now = this.databases.time();
    const cause = await this.causes.causeOf(group, now);
    const known = await this.plans.newestOf(groupName(group));
    const joined = known !== null && takesLateComers(known, cause);
    const plan = joined ? known : newPlan(group, cause, now);
    const accounts = await this.due.accountsOf(people.map(({ _id }) => _id));
    const settings = await this.settings.get();
    const ownUsers = await this.readings.ownUsers();
    const lines = people.map((person, index) => {
      const own = accounts.filter((one) => one.person === person._id);
      const isProtected = whyProtected(person, own, ownUsers) !== null;
      return lineOf(plan, plan.staged + index, { person, isProtected }, now);
    });
    await inTransaction(this.databases, async (session) => {
      if (!joined) await this.plans.insert(session, plan);
      await this.changes.takeUp(
        session,
        people.map(({ _id }) => _id),
        plan._id,
      );
      await this.plans.addLines(session, lines);
      await this.plans.move(session, plan, {
        ...(open.has(plan.state) ? { state: 'collecting', hash: null, ...joinedCause(plan, cause) } : {}),
        staged: plan.staged + lines.length,
        protected: plan.protected + lines.filter((line) => line.protected).length,
        samples: [...plan.samples, ...lines.map(({ name }) => name)].slice(0, mostSamples),
        integrations: [...new Set([...plan.integrations, ...decidingOn(accounts, settings)])].sort(),
      });
    });
  }
}

/** A plan that is not judged yet takes up everybody of its group: a version may overtake the next while it is made. */
function takesLateComers(plan: PeoplePlanDocument, cause: PlanCause): boolean {
  if (plan.state === 'collecting') return true;
  return isSameCause(plan, cause) && (open.has(plan.state) || settled.has(plan.state));
}

function joinedCause(plan: PeoplePlanDocument, { cause, change, changedBy }: PlanCause): Partial<PeoplePlanDocument> {
  return { cause, change, changedBy: [...new Set([...plan.changedBy, ...changedBy])] };
}

function isSameCause({ cause: known }: PeoplePlanDocument, { cause }: PlanCause): boolean {
  return known.kind !== 'settings' || cause.kind !== 'settings' || known.version === cause.version;
}

function newPlan(group: DueGroup, { concerned, ...cause }: PlanCause, now: Date): PeoplePlanDocument {
  return {
    _id: uuidv7(),
    group: groupName(group),
    state: 'collecting',
    ...cause,
    integrations: [...concerned],
    hash: null,
    incident: null,
    reasons: [],
    staged: 0,
    protected: 0,
    active: 0,
    samples: [],
    createdAt: now.toISOString(),
    expiresAt: null,
    decidedBy: null,
    decidedAt: null,
    note: null,
    executedAt: null,
    deactivated: null,
    stale: null,
    undo: null,
    line: 0,
  };
}

function lineOf(
  plan: PeoplePlanDocument,
  number: number,
  { person, isProtected }: { readonly person: PersonDocument; readonly isProtected: boolean },
  at: Date,
): PeoplePlanLineDocument {
  const isLate = settled.has(plan.state);
  return {
    _id: lineId(plan._id, number),
    plan: plan._id,
    number,
    person: person._id,
    name: personName(person),
    protected: isProtected,
    state: isLate ? 'stale' : 'staged',
    reason: isLate ? `the plan was ${plan.state} before` : null,
    at,
  };
}

/** Integrations by whose accounts somebody of these would be inactive. */
function decidingOn(accounts: readonly AccountDocument[], settings: FoldSettingsDocument): Set<string> {
  const byPerson = new Map<string, AccountDocument[]>();
  for (const account of accounts) {
    if (account.passive) continue;
    byPerson.set(account.person!, [...(byPerson.get(account.person!) ?? []), account]);
  }
  return new Set(
    [...byPerson.values()].flatMap((own) => decidingAccounts(own, settings).map(({ integration }) => integration)),
  );
}
