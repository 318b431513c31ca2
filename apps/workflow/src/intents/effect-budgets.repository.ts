import { Inject, Injectable } from '@nestjs/common';
import { Databases, effectBudgets, inTransaction } from '@rollcall/collections';
import type { ClientSession } from 'mongodb';

import type { BudgetWindow } from './effect-budget.js';

/** Counters of destructive calls (P12). */
@Injectable()
export class EffectBudgetsRepository {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  /** Takes one call from every window, or from none: then the window that is used up and lasts longest. */
  async take(windows: readonly BudgetWindow[], now: Date): Promise<BudgetWindow | null> {
    return inTransaction(this.databases, async (session) => {
      const full = await this.findFull(windows, session);
      if (full) return full;
      for (const { id } of windows) {
        await this.budgets.updateOne({ _id: id }, { $inc: { used: 1 }, $set: { at: now } }, { session, upsert: true });
      }
      return null;
    });
  }

  /** The window that is used up and lasts longest, null when all have room. */
  async findFull(windows: readonly BudgetWindow[], session?: ClientSession): Promise<BudgetWindow | null> {
    const ids = windows.map(({ id }) => id);
    const found = await this.budgets.find({ _id: { $in: ids } }, { session }).toArray();
    const used = new Map(found.map((budget) => [budget._id, budget.used]));
    const full = windows.filter(({ id, limit }) => (used.get(id) ?? 0) >= limit);
    return full.toSorted((a, b) => b.endsAt.getTime() - a.endsAt.getTime())[0] ?? null;
  }

  private get budgets() {
    return this.databases.collection(effectBudgets);
  }
}
