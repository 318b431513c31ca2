import { Inject, Injectable } from '@nestjs/common';
import { Databases, effectBudgets, inTransaction } from '@rollcall/collections';

import type { BudgetWindow } from './effect-budget.js';

@Injectable()
export class EffectBudgetsRepository {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  /** Takes one call from every window, or from none: then the window that is used up and lasts longest. */
  async take(windows: readonly BudgetWindow[], now: Date): Promise<BudgetWindow | null> {
    const budgets = this.databases.collection(effectBudgets);
    return inTransaction(this.databases, async (session) => {
      const ids = windows.map(({ id }) => id);
      const found = await budgets.find({ _id: { $in: ids } }, { session }).toArray();
      const used = new Map(found.map((budget) => [budget._id, budget.used]));
      const full = windows.filter(({ id, limit }) => (used.get(id) ?? 0) >= limit);
      if (full.length > 0) return full.reduce((a, b) => (b.endsAt > a.endsAt ? b : a));
      for (const _id of ids) {
        await budgets.updateOne({ _id }, { $inc: { used: 1 }, $set: { at: now } }, { session, upsert: true });
      }
      return null;
    });
  }
}
