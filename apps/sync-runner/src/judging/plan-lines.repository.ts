import { Inject, Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  Databases,
  type PlanDocument,
  type PlanLineDocument,
  planLines,
  plans,
} from '@rollcall/collections';
import type { PlanLine } from '@rollcall/contracts';
import type { Collection } from 'mongodb';

/** Reads what mapping published of a run: plan lines, and single accounts. */
@Injectable()
export class PlanLinesRepository {
  private readonly lines: Collection<PlanLineDocument>;
  private readonly plans: Collection<PlanDocument>;
  private readonly accounts: Collection<AccountDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.lines = databases.collection(planLines);
    this.plans = databases.collection(plans);
    this.accounts = databases.collection(accounts);
  }

  /** What mapping made of a vendor's user; null: no account. */
  async account(integration: string, vendorId: string): Promise<AccountDocument | null> {
    return this.accounts.findOne({ _id: `${integration}:${vendorId}` });
  }

  /**
   * The staged lines of a run's generation. Lines at or above the plan's number are left from an earlier generation.
   * Null when the plan is not that of the report.
   */
  async staged(run: string, generation: number, staged: number): Promise<PlanLine[] | null> {
    const plan = await this.plans.findOne({ _id: run });
    if (plan?.generation !== generation || plan.lines !== staged) return null;
    const lines = await this.lines
      .find({ run, number: { $lt: staged } })
      .sort({ number: 1 })
      .toArray();
    return lines.length === staged ? lines : null;
  }

  async countExecuted(run: string): Promise<number> {
    return this.lines.countDocuments({ run, state: 'executed' });
  }
}
