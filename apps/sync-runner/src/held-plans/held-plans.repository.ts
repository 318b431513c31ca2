import { Inject, Injectable } from '@nestjs/common';
import { Databases, type Deed, editsSinceGoodRun, type HeldPlanDocument, heldPlans, runs } from '@rollcall/collections';
import type { HeldPlanState } from '@rollcall/contracts';
import type { ClientSession, Collection } from 'mongodb';

export type Session = ClientSession;

/** States of plans that a later run of the same lines belongs to, and that anything may still become of. */
const living: readonly HeldPlanState[] = ['open', 'rejected', 'approved'];

@Injectable()
export class HeldPlansRepository {
  private readonly plans: Collection<HeldPlanDocument>;

  constructor(@Inject(Databases) private readonly databases: Databases) {
    this.plans = databases.collection(heldPlans);
  }

  /** By the database's clock: a plan that expired is over for good. */
  time(): Date {
    return this.databases.time();
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

  /** What people did that the lines of a plan follow from: changes since the last good run, and the runs held for it. */
  async deedsBehind({ _id, integration, integrationName }: HeldPlanDocument, session: Session): Promise<Deed[]> {
    // A run that an approval started is a decision on a plan before, and not what its approver wanted to be held.
    const asked = { integration, heldPlan: _id, requestedBy: { $ne: null }, approves: null };
    const held = await this.databases.collection(runs).find(asked, { session }).toArray();
    return [
      ...(await editsSinceGoodRun(this.databases, integration, session)),
      ...held.map(({ _id: run, requestedBy, plannedAt }) => ({
        by: requestedBy!,
        at: new Date(plannedAt),
        what: `started run ${run} of "${integrationName}"`,
      })),
    ];
  }

  /** Ends whatever plan of the integration is not over yet. */
  async end(session: Session, integration: string, state: HeldPlanState): Promise<void> {
    await this.plans.updateMany({ integration, state: { $in: [...living] } }, { $set: { state } }, { session });
  }

  /** Plans that nobody decided on in time (E3). Each replica may do it; doing it again changes nothing. */
  async expire(): Promise<number> {
    const expired = await this.plans.updateMany(
      { state: { $in: ['open', 'rejected'] }, expiresAt: { $lte: this.databases.time() } },
      { $set: { state: 'expired' } },
    );
    return expired.modifiedCount;
  }
}
