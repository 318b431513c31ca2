import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  Databases,
  type PlanDocument,
  type PlanLineDocument,
  planLines,
  plans,
  trusted,
} from '@rollcall/collections';
import { accountId, type PlanLine } from '@rollcall/contracts';
import type { Model } from 'mongoose';

/** Reads what mapping published of a run: plan lines, and single accounts. */
@Injectable()
export class PlanLinesRepository {
  private readonly lines: Model<PlanLineDocument>;
  private readonly plans: Model<PlanDocument>;
  private readonly accounts: Model<AccountDocument>;

  constructor(databases: Databases) {
    this.lines = databases.model(planLines);
    this.plans = databases.model(plans);
    this.accounts = databases.model(accounts);
  }

  /** What mapping made of a vendor's user; null: no account. */
  async account(integration: string, vendorId: string): Promise<AccountDocument | null> {
    return this.accounts.findOne({ _id: accountId(integration, vendorId) }).lean();
  }

  /**
   * The staged lines of a run's generation. Lines at or above the plan's number are left from an earlier generation.
   * Null when the plan is not that of the report.
   */
  async staged(run: string, generation: number, staged: number): Promise<PlanLine[] | null> {
    const plan = await this.plans.findOne({ _id: run }).lean();
    if (plan?.generation !== generation || plan.lines !== staged) return null;
    const lines = await this.lines
      .find({ run, number: trusted({ $lt: staged }) })
      .sort({ number: 1 })
      .lean();
    return lines.length === staged ? lines : null;
  }

  async countExecuted(run: string): Promise<number> {
    return this.lines.countDocuments({ run, state: 'executed' });
  }
}
