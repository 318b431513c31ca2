import { Injectable } from '@nestjs/common';
import {
  Databases,
  people,
  type PersonDocument,
  type PlanDocument,
  type PlanLineDocument,
  planLines,
  plans,
} from '@rollcall/collections';
import type { PlanLine } from '@rollcall/contracts';
import type { AnyBulkWriteOperation, ClientSession, Collection } from 'mongodb';

@Injectable()
export class PlansRepository {
  private readonly plans: Collection<PlanDocument>;
  private readonly lines: Collection<PlanLineDocument>;
  private readonly people: Collection<PersonDocument>;

  constructor(databases: Databases) {
    this.plans = databases.collection(plans);
    this.lines = databases.collection(planLines);
    this.people = databases.collection(people);
  }

  async protectedPeople(ids: readonly string[]): Promise<Set<string>> {
    const found = await this.people
      .find({ _id: { $in: [...ids] }, protected: true }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map((person) => person._id));
  }

  /**
   * Writes lines ahead of their plan. They mean nothing until the plan document exists. A later attempt replaces them:
   * after a run was read again under a new generation, a line of the old one must not stand in the new plan.
   */
  async prepareLines(run: string, lines: readonly PlanLine[], at: Date): Promise<void> {
    if (lines.length === 0) return;
    const operations: AnyBulkWriteOperation<PlanLineDocument>[] = lines.map((line) => {
      const document: PlanLineDocument = {
        _id: lineId(run, line.number),
        run,
        ...line,
        state: 'staged',
        staleReason: null,
        at,
      };
      return { replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true } };
    });
    await this.lines.bulkWrite(operations, { ordered: false });
  }

  async putPlan(session: ClientSession, plan: PlanDocument): Promise<void> {
    await this.plans.replaceOne({ _id: plan._id }, plan, { session, upsert: true });
  }

  async plan(run: string): Promise<PlanDocument | null> {
    return this.plans.findOne({ _id: run });
  }

  /** Which of these accounts stand in the plan of a run. */
  async accountsIn(run: string, accounts: readonly string[]): Promise<Set<string>> {
    const staged = (await this.plan(run))?.lines ?? 0;
    const found = await this.lines
      .find({ run, account: { $in: [...accounts] }, number: { $lt: staged } }, { projection: { account: 1 } })
      .toArray();
    return new Set(found.map((line) => line.account));
  }

  /** Accounts of an earlier plan that a later run did not stage: how many, and the names of some. */
  async notStagedAgain(
    earlier: string,
    later: string,
    laterLines: number,
  ): Promise<{ count: number; samples: string[] }> {
    const returned = { count: 0, samples: [] as string[] };
    const staged = (await this.plan(earlier))?.lines ?? 0;
    for (let first = 0; first < staged; first += linesPerLook) {
      const lines = await this.linesFrom(earlier, first, Math.min(linesPerLook, staged - first));
      const again = await this.lines
        .find(
          { run: later, account: { $in: lines.map(({ account }) => account) }, number: { $lt: laterLines } },
          { projection: { account: 1 } },
        )
        .toArray();
      const stagedAgain = new Set(again.map(({ account }) => account));
      for (const { account, username, vendorId } of lines) {
        if (stagedAgain.has(account)) continue;
        returned.count += 1;
        if (returned.samples.length < mostSamples) returned.samples.push(username ?? vendorId);
      }
    }
    return returned;
  }

  /** Lines of a plan from `first` on, at most `limit`. */
  async linesFrom(run: string, first: number, limit: number): Promise<PlanLineDocument[]> {
    return this.lines
      .find({ run, number: { $gte: first } })
      .sort({ number: 1 })
      .limit(limit)
      .toArray();
  }

  async countByState(run: string): Promise<{ executed: number; stale: number }> {
    const executed = await this.lines.countDocuments({ run, state: 'executed' });
    const stale = await this.lines.countDocuments({ run, state: 'stale' });
    return { executed, stale };
  }

  async settleLines(
    session: ClientSession,
    executed: readonly string[],
    stale: ReadonlyMap<string, string>,
  ): Promise<void> {
    const operations: AnyBulkWriteOperation<PlanLineDocument>[] = [
      { updateMany: { filter: { _id: { $in: [...executed] } }, update: { $set: { state: 'executed' } } } },
    ];
    for (const [id, reason] of stale) {
      operations.push({
        updateOne: { filter: { _id: id }, update: { $set: { state: 'stale', staleReason: reason } } },
      });
    }
    await this.lines.bulkWrite(operations, { session });
  }
}

const linesPerLook = 1000;
const mostSamples = 20;

function lineId(run: string, number: number): string {
  return `${run}/${String(number).padStart(7, '0')}`;
}
