import { Inject, Injectable } from '@nestjs/common';
import { Databases, type HeldPlanDocument, heldPlans } from '@rollcall/collections';
import type { HeldPlanState } from '@rollcall/contracts';
import type { ClientSession, Collection } from 'mongodb';

export type Session = ClientSession;

/** States of plans that a later run of the same lines belongs to, and that anything may still become of. */
const living: readonly HeldPlanState[] = ['open', 'rejected', 'approved'];

@Injectable()
export class HeldPlansRepository {
  private readonly plans: Collection<HeldPlanDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.plans = databases.collection(heldPlans);
  }

  async find(id: string, session?: Session): Promise<HeldPlanDocument | null> {
    return this.plans.findOne({ _id: id }, { session });
  }

  /** The plan of an integration that is not over yet; there is one at most. */
  async findLiving(integration: string, session: Session): Promise<HeldPlanDocument | null> {
    return this.plans.findOne({ integration, state: { $in: [...living] } }, { session, sort: { heldAt: -1 } });
  }

  async insert(session: Session, plan: HeldPlanDocument): Promise<void> {
    await this.plans.insertOne(plan, { session });
  }

  async update(session: Session, id: string, set: Partial<HeldPlanDocument>): Promise<HeldPlanDocument> {
    const after = await this.plans.findOneAndUpdate({ _id: id }, { $set: set }, { session, returnDocument: 'after' });
    if (after === null) throw new Error(`held plan ${id} vanished inside a transaction`);
    return after;
  }

  /** Ends whatever plan of the integration is not over yet. */
  async end(session: Session, integration: string, state: HeldPlanState): Promise<void> {
    await this.plans.updateMany({ integration, state: { $in: [...living] } }, { $set: { state } }, { session });
  }

  /** Plans that nobody decided on in time (E3). Each replica may do it; doing it again changes nothing. */
  async expire(now: Date): Promise<number> {
    const expired = await this.plans.updateMany(
      { state: { $in: ['open', 'rejected'] }, expiresAt: { $lte: now } },
      { $set: { state: 'expired' } },
    );
    return expired.modifiedCount;
  }
}
