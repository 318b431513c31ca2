import { Injectable } from '@nestjs/common';
import {
  Databases,
  type PeoplePlanDocument,
  type PeoplePlanLineDocument,
  peoplePlanLines,
  peoplePlans,
  type PeoplePlanTurnDocument,
  peoplePlanTurns,
  trusted,
} from '@rollcall/collections';
import type { PeoplePlanState } from '@rollcall/contracts';
import type { AnyBulkWriteOperation, ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

export type Session = ClientSession;

/** States in which people of a plan became inactive by it, or will. */
const effective: readonly PeoplePlanState[] = ['executing', 'executed', 'undoing', 'undone'];

/** The plan is not in the state any more in which it was read. Nothing was written; look again. */
export class PlanMoved extends Error {
  constructor(plan: string) {
    super(`people plan ${plan} changed meanwhile`);
    this.name = 'PlanMoved';
  }
}

/** What is judged as one. */
export type SameCause = Pick<PeoplePlanDocument, 'group' | 'cause'>;

/** People plans and their lines. */
@Injectable()
export class PeoplePlansRepository {
  private readonly plans: Model<PeoplePlanDocument>;
  private readonly lines: Model<PeoplePlanLineDocument>;
  private readonly turns: Model<PeoplePlanTurnDocument>;

  constructor(databases: Databases) {
    this.plans = databases.model(peoplePlans);
    this.lines = databases.model(peoplePlanLines);
    this.turns = databases.model(peoplePlanTurns);
  }

  async find(id: string, session?: Session): Promise<PeoplePlanDocument | null> {
    return this.plans.findOne({ _id: id }, null, { session }).lean();
  }

  /** Oldest plan in a state. */
  async next(state: PeoplePlanState): Promise<PeoplePlanDocument | null> {
    return this.plans.findOne({ state }, null, { sort: { createdAt: 1 } }).lean();
  }

  async inState(state: PeoplePlanState): Promise<PeoplePlanDocument[]> {
    return this.plans.find({ state }).sort({ createdAt: 1 }).lean();
  }

  async newestOf(group: string): Promise<PeoplePlanDocument | null> {
    return this.plans.findOne({ group }, null, { sort: { createdAt: -1 } }).lean();
  }

  /** A plan over the same people since then, whose incident is theirs too. */
  async sameIncident(hash: string, since: string, except: string): Promise<PeoplePlanDocument | null> {
    return this.plans
      .findOne({ hash, _id: trusted({ $ne: except }), createdAt: trusted({ $gt: since }) }, null, {
        sort: { createdAt: -1 },
      })
      .lean();
  }

  async insert(session: Session, plan: PeoplePlanDocument): Promise<void> {
    await this.plans.create([plan], { session });
  }

  /** @throws PlanMoved */
  async move(
    session: Session,
    plan: PeoplePlanDocument,
    set: Partial<PeoplePlanDocument>,
  ): Promise<PeoplePlanDocument> {
    const after = await this.plans
      .findOneAndUpdate(
        { _id: plan._id, state: plan.state, line: plan.line, staged: plan.staged },
        { $set: set },
        { session, returnDocument: 'after' },
      )
      .lean();
    if (after === null) throw new PlanMoved(plan._id);
    return after;
  }

  async addLines(session: Session, lines: readonly PeoplePlanLineDocument[]): Promise<void> {
    await this.lines.insertMany([...lines], { session });
  }

  async linesFrom(plan: string, number: number, limit: number): Promise<PeoplePlanLineDocument[]> {
    return this.lines
      .find({ plan, number: trusted({ $gte: number }) })
      .sort({ number: 1 })
      .limit(limit)
      .lean();
  }

  /** Everybody of a plan, for its hash. */
  async *peopleOf(plan: string): AsyncGenerator<string> {
    const cursor = this.lines.find({ plan }, { person: 1 }).lean().cursor({ batchSize: 5_000 });
    for await (const { person } of cursor) yield person;
  }

  async settleLines(
    session: Session,
    lines: readonly Pick<PeoplePlanLineDocument, '_id' | 'state' | 'reason'>[],
  ): Promise<void> {
    if (lines.length === 0) return;
    const operations: AnyBulkWriteOperation<PeoplePlanLineDocument>[] = lines.map(({ _id, state, reason }) => ({
      updateOne: { filter: { _id }, update: { $set: { state, reason } } },
    }));
    await this.lines.bulkWrite(operations, { session });
  }

  async countLines(plan: string, state: PeoplePlanLineDocument['state'], session?: Session): Promise<number> {
    return this.lines.countDocuments({ plan, state }, { session });
  }

  async namesOfProtected(plan: string): Promise<string[]> {
    const found = await this.lines.find({ plan, protected: true }).limit(6).lean();
    return found.map(({ name }) => name);
  }

  /** Two judgements at once conflict here, so that each adds up what the other one let pass. */
  async takeTurn(session: Session): Promise<void> {
    await this.turns.updateOne({ _id: 'judging' }, { $inc: { turns: 1 } }, { session, upsert: true });
  }

  /** People made inactive by plans that no person approved, since then; those that `earlierOf` counts are left out. */
  async sum(since: string, except: SameCause | null, session?: Session): Promise<number> {
    const others = except === null ? {} : { $nor: [sameCause(except)] };
    return this.add({ decidedBy: null, decidedAt: { $gt: since }, ...others }, session);
  }

  /** People whom earlier plans of the same cause made inactive: a change is judged as a whole, however it is cut. */
  async earlierOf(plan: PeoplePlanDocument, session?: Session): Promise<number> {
    return this.add({ ...sameCause(plan), _id: { $ne: plan._id } }, session);
  }

  private async add(match: object, session?: Session): Promise<number> {
    const counted = { $ifNull: ['$deactivated', { $subtract: ['$staged', '$protected'] }] };
    const [found] = await this.plans.aggregate<{ count: number }>(
      [{ $match: { ...match, state: { $in: effective } } }, { $group: { _id: null, count: { $sum: counted } } }],
      { session },
    );
    return found?.count ?? 0;
  }
}

function sameCause({ group, cause }: SameCause): SameCause {
  return { group, cause };
}

export function lineId(plan: string, number: number): string {
  return `${plan}/${String(number).padStart(7, '0')}`;
}
