import { Inject, Injectable } from '@nestjs/common';
import { Databases, type PlanDocument, type PlanLineDocument, planLines, plans } from '@rollcall/collections';
import type { PlanLine } from '@rollcall/contracts';
import type { Collection } from 'mongodb';

/** Reads the plan lines that mapping published. */
@Injectable()
export class PlanLinesRepository {
  private readonly lines: Collection<PlanLineDocument>;
  private readonly plans: Collection<PlanDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.lines = databases.collection(planLines);
    this.plans = databases.collection(plans);
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
}
