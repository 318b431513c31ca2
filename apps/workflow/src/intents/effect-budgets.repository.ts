import { Injectable } from '@nestjs/common';
import { Databases, effectBudgets, inTransaction, trusted } from '@rollcall/collections';
import type { ClientSession } from 'mongodb';

import { type BudgetWindow, type ReachedLimit, reachedLimits, type WindowState } from './effect-budget.js';

/** One destructive call on somebody. */
export interface BudgetedCall {
  /** Whom it acts on: a person, or an account that belongs to nobody. */
  readonly person: string;
  /** What acts: the same intent again, after a crash for example, is the same call. */
  readonly intent: string;
}

/**
 * Counters of people acted on destructively (P12). Who is counted in a window is free in it from then on, so that the many
 * blocks of one leaver are one. Every counting writes the counter in one transaction with whom it counts: of two at once
 * one is tried again and sees the other.
 */
@Injectable()
export class EffectBudgetsRepository {
  constructor(private readonly databases: Databases) {}

  /** Counts a call in every window, or in none: then the limit that is reached and lasts longest. */
  async take(windows: readonly BudgetWindow[], call: BudgetedCall, now: Date): Promise<ReachedLimit | null> {
    return inTransaction(this.databases, async (session) => {
      const states = await this.statesOf(windows, call, session);
      const [reached] = reachedLimits(states);
      if (reached) return reached;
      for (const [{ id }, { calls }] of states) {
        await this.budgets.updateOne(
          { _id: memberId(id, call.person) },
          { $addToSet: { intents: call.intent }, $set: { at: now } },
          { session, upsert: true },
        );
        if (calls === null) await this.count(id, now, session);
      }
      return null;
    });
  }

  /** The limit that a call would break and that lasts longest, null when all have room. */
  async findReached(windows: readonly BudgetWindow[], call: BudgetedCall): Promise<ReachedLimit | null> {
    return reachedLimits(await this.statesOf(windows, call))[0] ?? null;
  }

  private async statesOf(
    windows: readonly BudgetWindow[],
    { person, intent }: BudgetedCall,
    session?: ClientSession,
  ): Promise<(readonly [BudgetWindow, WindowState])[]> {
    const ids = windows.flatMap(({ id }) => [id, memberId(id, person)]);
    const found = await this.budgets.find({ _id: trusted({ $in: ids }) }, null, { session }).lean();
    const byId = new Map(found.map((document) => [document._id, document]));
    return windows.map((window) => {
      const counter = byId.get(window.id);
      const member = byId.get(memberId(window.id, person));
      const others = member?.intents?.filter((known) => known !== intent).length ?? 0;
      return [window, { people: counter?.people ?? counter?.used ?? 0, calls: member ? others : null }] as const;
    });
  }

  private async count(id: string, now: Date, session: ClientSession): Promise<void> {
    // Calls counted by an earlier version stand for as many people: rather too many than too few.
    const people = { $add: [{ $ifNull: ['$people', { $ifNull: ['$used', 0] }] }, 1] };
    await this.budgets.updateOne({ _id: id }, [{ $set: { people, at: now } }], {
      session,
      upsert: true,
    });
  }

  private get budgets() {
    return this.databases.model(effectBudgets);
  }
}

function memberId(window: string, person: string): string {
  return `${window}/${person}`;
}
