import { Injectable } from '@nestjs/common';
import { Databases, editsSinceGoodRun, type HeldPlanDocument, heldPlans, runs, trusted } from '@rollcall/collections';
import type { Deed, HeldPlanState } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';
import type { Model } from 'mongoose';

export type Session = ClientSession;

/** States of plans that a later run of the same lines belongs to, and that anything may still become of. */
const living: readonly HeldPlanState[] = ['open', 'rejected', 'approved'];

@Injectable()
export class HeldPlansRepository {
  private readonly plans: Model<HeldPlanDocument>;

  constructor(private readonly databases: Databases) {
    this.plans = databases.model(heldPlans);
  }

  /** By the database's clock: a plan that expired is over for good. */
  time(): Date {
    return this.databases.time();
  }

  async find(id: string, session?: Session): Promise<HeldPlanDocument | null> {
    return this.plans.findOne({ _id: id }, null, { session }).lean();
  }

  /** The plan of an integration that is not over yet; there is one at most. */
  async findLiving(integration: string, session: Session): Promise<HeldPlanDocument | null> {
    return this.plans
      .findOne({ integration, state: trusted({ $in: [...living] }) }, null, { session, sort: { heldAt: -1 } })
      .lean();
  }

  async insert(session: Session, plan: HeldPlanDocument): Promise<void> {
    await this.plans.create([plan], { session });
  }

  async update(session: Session, id: string, set: Partial<HeldPlanDocument>): Promise<HeldPlanDocument> {
    const after = await this.plans
      .findOneAndUpdate({ _id: id }, { $set: set }, { session, returnDocument: 'after' })
      .lean();
    if (after === null) throw new Error(`held plan ${id} vanished inside a transaction`);
    return after;
  }

  /** What people did that the lines of a plan follow from: changes since the last good run, and the runs held for it. */
  async deedsBehind({ _id, integration, integrationName }: HeldPlanDocument, session: Session): Promise<Deed[]> {
    // A run that an approval started is a decision on a plan before, and not what its approver wanted to be held.
    const asked = { integration, heldPlan: _id, requestedBy: trusted({ $ne: null }), approves: null };
    const held = await this.databases.model(runs).find(asked, null, { session }).lean();
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
    await this.plans.updateMany(
      { integration, state: trusted({ $in: [...living] }) },
      { $set: { state } },
      { session },
    );
  }

  /** Plans that nobody decided on in time (E3). Each replica may do it; doing it again changes nothing. */
  async expire(): Promise<number> {
    const expired = await this.plans.updateMany(
      { state: trusted({ $in: ['open', 'rejected'] }), expiresAt: trusted({ $lte: this.databases.time() }) },
      { $set: { state: 'expired' } },
    );
    return expired.modifiedCount;
  }
}
