import { Injectable } from '@nestjs/common';
import type { HeldPlanDocument, RunDocument } from '@rollcall/collections';
import {
  type HeldPlanRecord,
  heldPlanRecordSchema,
  type HeldPlanState,
  type KeyHolder,
  type Verdict,
} from '@rollcall/contracts';
import { whyAnotherPerson } from '@rollcall/deactivation-guard';
import { EveryInterval } from '@rollcall/service';

import {
  heldPlanChanged,
  heldPlanDecided,
  heldPlanExpired,
  heldPlanNotFound,
  needsAnotherPerson,
} from './held-plans.errors.js';
import { HeldPlansRepository, type Session } from './held-plans.repository.js';

const dayMs = 24 * 60 * 60 * 1000;
/** For so long a person may decide (E3). */
const lifeMs = 7 * dayMs;
const expireEveryMs = 15_000;

export interface Approval {
  /** Of the plan that was looked at. */
  readonly hash: string;
  readonly actor: string;
  readonly holders: readonly KeyHolder[];
}

export interface Decision {
  readonly actor: string;
  readonly note: string | null;
}

/** Deactivations that the guard held back, from the first run that was held to a person's word or their end (E3, E4). */
@Injectable()
export class HeldPlansService {
  constructor(private readonly repository: HeldPlansRepository) {}

  /** A run was held: the same lines are the same plan, other ones replace it. Returns the id of the plan. */
  async createOrRefresh(session: Session, run: RunDocument, verdict: Verdict, hash: string | null): Promise<string> {
    const known = await this.repository.findLiving(run.integration, session);
    const { reasons, staged, activeAtStart, samples } = verdict;
    const seen = { run: run._id, reasons, staged, activeAtStart, samples };
    if (known !== null && known.hash === hash && known.state !== 'approved') {
      await this.repository.update(session, known._id, { ...seen, runs: known.runs + 1 });
      return known._id;
    }
    if (known !== null) await this.repository.end(session, run.integration, 'replaced');
    const heldAt = this.repository.time();
    await this.repository.insert(session, {
      _id: run._id,
      integration: run.integration,
      integrationName: run.integrationName,
      state: 'open',
      hash,
      ...seen,
      heldAt,
      runs: 1,
      expiresAt: new Date(heldAt.getTime() + lifeMs),
      decidedBy: null,
      decidedAt: null,
      note: null,
      approvalRun: null,
    });
    return run._id;
  }

  /** A run passed, or the integration reads something else now. */
  async end(session: Session, integration: string, state: Extract<HeldPlanState, 'closed' | 'voided'>): Promise<void> {
    await this.repository.end(session, integration, state);
  }

  /** @throws HeldPlanError when the plan is not open, another one than was looked at, or not theirs to approve */
  async requireApprovable(
    session: Session,
    plan: HeldPlanDocument,
    { hash, actor, holders, approvalByEditor }: Approval & { readonly approvalByEditor: boolean },
  ): Promise<void> {
    if (plan.state === 'open' && plan.expiresAt <= this.repository.time()) throw heldPlanExpired();
    if (plan.state !== 'open') throw heldPlanDecided(plan);
    if (plan.hash === null || plan.hash !== hash) throw heldPlanChanged();
    if (approvalByEditor) return;
    const refusal = whyAnotherPerson(await this.repository.deedsBehind(plan, session), actor, holders);
    if (refusal !== null) throw needsAnotherPerson(refusal);
  }

  async approve(session: Session, id: string, run: string, { actor, note }: Decision): Promise<HeldPlanRecord> {
    const set = { state: 'approved' as const, approvalRun: run, ...this.decided(actor, note) };
    return recordOf(await this.repository.update(session, id, set));
  }

  async reject(session: Session, id: string, { actor, note }: Decision): Promise<HeldPlanRecord> {
    const plan = await this.get(id, session);
    if (plan.state !== 'open') throw heldPlanDecided(plan);
    return recordOf(await this.repository.update(session, id, { state: 'rejected', ...this.decided(actor, note) }));
  }

  async get(id: string, session?: Session): Promise<HeldPlanDocument> {
    const plan = await this.repository.find(id, session);
    if (plan === null) throw heldPlanNotFound(id);
    return plan;
  }

  /** Nobody can approve an expired plan; this also shows it as expired. */
  @EveryInterval('held plans', expireEveryMs)
  async expire(): Promise<void> {
    await this.repository.expire();
  }

  private decided(actor: string, note: string | null): Pick<HeldPlanDocument, 'decidedBy' | 'decidedAt' | 'note'> {
    return { decidedBy: actor, decidedAt: this.repository.time().toISOString(), note };
  }
}

function recordOf({ _id, heldAt, expiresAt, ...plan }: HeldPlanDocument): HeldPlanRecord {
  const times = { heldAt: heldAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return heldPlanRecordSchema.parse({ id: _id, ...plan, ...times });
}
