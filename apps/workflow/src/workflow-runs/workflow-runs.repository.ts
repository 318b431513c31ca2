import { Injectable } from '@nestjs/common';
import { Databases, trusted, type WorkflowRunDocument, workflowRuns } from '@rollcall/collections';
import { epochOf } from '@rollcall/contracts';
import type { ClientSession } from 'mongodb';

/** Writes workflow runs. Whoever works on one holds its lease, and every write compares the holder. */
@Injectable()
export class WorkflowRunsRepository {
  constructor(private readonly databases: Databases) {}

  async isKnown(id: string, session: ClientSession): Promise<boolean> {
    return (await this.runs.findOne({ _id: id }, { _id: 1 }, { session }).lean()) !== null;
  }

  /** Whether the same change started the workflow before, said in another epoch of the records under another id. */
  async isSaidAgain({ change, workflow, event }: WorkflowRunDocument, session: ClientSession): Promise<boolean> {
    if (change === undefined) return false;
    const known = await this.runs.find({ change, workflow }, { event: 1 }, { session }).lean();
    return known.some((run) => epochOf(run.event) !== epochOf(event));
  }

  async insert(run: WorkflowRunDocument, session: ClientSession): Promise<void> {
    await this.runs.create([run], { session });
  }

  /** The run that is due longest and free, now held by `holder`. Expiry is judged by the database's clock (P44). */
  claimDue(holder: string, lifeMs: number): Promise<WorkflowRunDocument | null> {
    return this.runs
      .findOneAndUpdate(
        {
          dueAt: trusted({ $lte: this.databases.time() }),
          $expr: trusted({ $or: [{ $eq: ['$lease', null] }, { $lt: ['$lease.until', '$$NOW'] }] }),
        },
        [{ $set: { lease: { holder: { $literal: holder }, until: { $add: ['$$NOW', lifeMs] } } } }],
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      )
      .lean();
  }

  /** False when the lease went to somebody else. */
  async renew(id: string, holder: string, lifeMs: number): Promise<boolean> {
    const { matchedCount } = await this.runs.updateOne({ _id: id, 'lease.holder': holder }, [
      { $set: { 'lease.until': { $add: ['$$NOW', lifeMs] } } },
    ]);
    return matchedCount > 0;
  }

  /** Stores the run if `holder` still holds it. `keepLease` goes on holding it, else it is free. */
  async save(
    run: WorkflowRunDocument,
    holder: string,
    options: { readonly keepLease: boolean; readonly session?: ClientSession },
  ): Promise<boolean> {
    const { steps, state, dueAt, endedAt, waitAnnounced = false } = run;
    const { matchedCount } = await this.runs.updateOne(
      { _id: run._id, 'lease.holder': holder },
      { $set: { steps, state, dueAt, endedAt, waitAnnounced, ...(options.keepLease ? {} : { lease: null }) } },
      { session: options.session },
    );
    return matchedCount > 0;
  }

  /** Gives a run back after an error, to be tried again later. */
  async release(id: string, holder: string, dueAt: Date): Promise<void> {
    await this.runs.updateOne({ _id: id, 'lease.holder': holder }, { $set: { lease: null, dueAt } });
  }

  private get runs() {
    return this.databases.model(workflowRuns);
  }
}
