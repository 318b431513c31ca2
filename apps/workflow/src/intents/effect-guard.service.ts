import { Inject, Injectable } from '@nestjs/common';
import { type AccountDocument, Databases, type IntentDocument } from '@rollcall/collections';
import { isEnded } from '@rollcall/contracts';
import { CONFIG } from '@rollcall/service';

import type { WorkflowConfig } from '../config.js';
import { PublishedRecords } from '../records/published-records.repository.js';
import { type Step, stepId, type StepWait, waitFor } from '../steps/step.js';
import { type BudgetWindow, type ReachedLimit, windowsOf } from './effect-budget.js';
import { type BudgetedCall, EffectBudgetsRepository } from './effect-budgets.repository.js';
import { whyOwnUser, whyProtected } from './protection.js';

/** A run ends soon after its sweep, a plan soon after its first person; this is how often they are looked at meanwhile. */
const completionLookMs = 1_000;

interface Stopped {
  readonly kind: 'ended';
  readonly state: 'skipped' | 'refused';
  readonly message: string;
}

/** What keeps a destructive step from being too early, too often, or aimed at the wrong kind of user (P12, P19). */
@Injectable()
export class EffectGuard {
  constructor(
    private readonly records: PublishedRecords,
    private readonly budgets: EffectBudgetsRepository,
    private readonly databases: Databases,
    @Inject(CONFIG) private readonly config: WorkflowConfig,
  ) {}

  /**
   * Right before a call: a mark, a hold or a name of the credential's own user that was set while the step waited for
   * vault, vendor or budget counts too.
   */
  async whyBarredNow({ target }: IntentDocument, ownUsers: readonly string[]): Promise<string | null> {
    const account = await this.records.findAccount(target.account);
    if (account === null) return 'The record of the account is gone, so nothing was sent. Act by hand.';
    const person = account.person === null ? null : await this.records.findPerson(account.person);
    const names = [target.vendorId, target.username, target.email, account.username, account.values['email']];
    return whyProtected(account, person) ?? whyOwnUser(ownUsers, names);
  }

  /**
   * After a deactivation that can be taken back: until it is complete, and the time for taking it back is over. Null = go on
   * (P12).
   */
  async undoWindow({ run }: Step): Promise<StepWait | Stopped | null> {
    if (run.causedByRun !== null) return this.windowOfRun(run.causedByRun);
    if (run.causedByPlan) return this.windowOfPlan(run.causedByPlan);
    return run.undoableSince ? this.windowSince(run.undoableSince) : null;
  }

  private async windowOfRun(id: string): Promise<StepWait | Stopped | null> {
    const cause = await this.records.findRun(id);
    if (!cause) return refused('The run that deactivated the record is not known any more');
    if (!isEnded(cause.state) || cause.endedAt === null) {
      return waitFor(completionLookMs, 'Waits until the run that deactivated the record has ended.', 0, true);
    }
    if (cause.state !== 'completed' && cause.state !== 'completed-with-errors') {
      return refused(`The run that deactivated the record ended as ${cause.state}`);
    }
    return this.windowSince(cause.endedAt);
  }

  private async windowOfPlan(id: string): Promise<StepWait | Stopped | null> {
    const plan = await this.records.findPeoplePlan(id);
    if (!plan) return refused('The people plan that deactivated the person is not known any more');
    if (plan.state === 'undoing' || plan.state === 'undone') {
      return refused('The people plan that deactivated the person was undone');
    }
    if (plan.executedAt === null) {
      return waitFor(
        completionLookMs,
        'Waits until the people plan that deactivated the person is carried out.',
        0,
        true,
      );
    }
    return this.windowSince(plan.executedAt);
  }

  private windowSince(time: string): StepWait | null {
    const until = new Date(Date.parse(time) + this.config.UNDO_WINDOW_MS);
    if (until.getTime() <= this.databases.timeMs()) return null;
    const message = `Waits until ${until.toISOString()}: until then the deactivation can be undone.`;
    return { kind: 'wait', until, message, attempts: 0, announce: true };
  }

  /** Waits for the next hour or day while the limit of one of them is reached (P12). Null = there is room. */
  async budgetLeft(step: Step, account: AccountDocument): Promise<StepWait | null> {
    const windows = await this.windows(step, account, this.databases.time());
    return this.waitForNext(await this.budgets.findReached(windows, callOf(step, account)));
  }

  /** Counts a destructive call. Null = it may be made. */
  async takeBudget(step: Step, account: AccountDocument): Promise<StepWait | null> {
    const now = this.databases.time();
    return this.waitForNext(
      await this.budgets.take(await this.windows(step, account, now), callOf(step, account), now),
    );
  }

  private async windows({ run, block }: Step, account: AccountDocument, now: Date): Promise<BudgetWindow[]> {
    const [ofApp, ofAll] = await Promise.all([
      account.app === null ? 0 : this.records.countActive(account.app),
      this.records.countActivePeople(),
    ]);
    const limits = {
      perHour: this.config.DESTRUCTIVE_PER_HOUR,
      dailyPercent: this.config.DESTRUCTIVE_DAILY_PERCENT,
    };
    return windowsOf({ workflow: run.workflow, connector: block.connector }, { ofApp, ofAll }, limits, now);
  }

  private waitForNext(reached: ReachedLimit | null): StepWait | null {
    if (!reached) return null;
    const message = `Waits until ${reached.endsAt.toISOString()}: the limit of ${reached.name} is reached.`;
    return { kind: 'wait', until: reached.endsAt, message, attempts: 0, announce: true };
  }
}

function refused(why: string): Stopped {
  return { kind: 'ended', state: 'refused', message: `${why}, so nothing was sent. Act by hand.` };
}

function callOf(step: Step, { _id, person }: AccountDocument): BudgetedCall {
  return { person: person === null ? `account:${_id}` : `person:${person}`, intent: stepId(step) };
}
