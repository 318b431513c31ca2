import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  accounts,
  type CredentialDocument,
  credentials,
  Databases,
  type IntegrationDocument,
  integrations,
  inTransaction,
  type RunDocument,
  runs,
  trusted,
  trustedFilter,
} from '@rollcall/collections';
import { accountId, messageGeneration, type RunProgress, type RunReport, type RunReportOf } from '@rollcall/contracts';
import type { ClientSession, Document } from 'mongodb';
import type { Model, QueryFilter } from 'mongoose';

import { openStates } from './run-state.js';

export type Session = ClientSession;

/** Who holds a run under which generation; every write of a holder compares both (A4). */
export interface Claim {
  readonly run: string;
  readonly holder: string;
  readonly generation: number;
}

const claimedBy = ({ run, holder, generation }: Claim): QueryFilter<RunDocument> => ({
  _id: run,
  generation,
  'lease.holder': holder,
});

const leaseUntil = (lifeMs: number) => ({ $add: ['$$NOW', lifeMs] });
const isFree = trusted({ $or: [{ $eq: ['$lease', null] }, { $lt: ['$lease.until', '$$NOW'] }] });

const placeOf = ({ generation, kind }: RunReport): string => `reports.${generation}:${kind}`;

/** The generations of runs whose messages have this one; see `messageGeneration`. */
function generationsOf(generation: number): number[] {
  return generation === messageGeneration(0) ? [0, generation] : [generation];
}

/** Runs, and the fields of integrations that belong to them: `openRun`, `lastRun`, `lastGeneration`, what is known good. */
@Injectable()
export class RunsRepository {
  private readonly runs: Model<RunDocument>;
  private readonly integrations: Model<IntegrationDocument>;
  private readonly credentials: Model<CredentialDocument>;
  private readonly accounts: Model<AccountDocument>;

  constructor(private readonly databases: Databases) {
    this.runs = databases.model(runs);
    this.integrations = databases.model(integrations);
    this.credentials = databases.model(credentials);
    this.accounts = databases.model(accounts);
  }

  async inTransaction<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    return inTransaction(this.databases, work);
  }

  async now(): Promise<Date> {
    return this.databases.now();
  }

  async find(id: string, session?: Session): Promise<RunDocument | null> {
    return this.runs.findOne({ _id: id }, null, { session }).lean();
  }

  async findIntegration(id: string, session?: Session): Promise<IntegrationDocument | null> {
    return this.integrations.findOne({ _id: id }, null, { session }).lean();
  }

  /** Why the vendor does not accept it, as far as the vault knows; null when it does, or when it is gone. */
  async findCredential(credential: string, session: Session): Promise<CredentialDocument | null> {
    return this.credentials.findOne({ _id: credential }, null, { session }).lean();
  }

  /** How the vendor names the user of an account that mapping knows; null when it does not. */
  async usernameOf(integration: string, vendorId: string): Promise<string | null> {
    const account = await this.accounts.findOne({ _id: accountId(integration, vendorId) }, { username: 1 }).lean();
    return account?.username ?? null;
  }

  async insert(session: Session, run: RunDocument): Promise<void> {
    await this.runs.create([run], { session });
  }

  /** One open run per integration (A3). False when another one is open. */
  async open(session: Session, integration: string, run: string): Promise<boolean> {
    const result = await this.integrations.updateOne(
      { _id: integration, openRun: null },
      { $set: { openRun: run } },
      { session },
    );
    return result.matchedCount > 0;
  }

  /** Frees the integration for its next run. `known` is set by completed runs only. */
  async close(session: Session, run: RunDocument, known: Partial<IntegrationDocument>): Promise<void> {
    await this.integrations.updateOne(
      { _id: run.integration, openRun: run._id },
      { $set: { openRun: null, lastRun: run._id, ...known } },
      { session },
    );
  }

  /**
   * The next open run that nobody holds, by the database's clock (P44): the longest waiting one of those that people
   * started, else of those that a schedule did.
   */
  async findClaimable(except: readonly string[]): Promise<RunDocument | null> {
    return this.runs
      .findOne({ _id: trusted({ $nin: [...except] }), state: trusted({ $in: [...openStates] }), $expr: isFree }, null, {
        sort: { kind: 1, plannedAt: 1 },
      })
      .lean();
  }

  /** Takes a run as it was found, raising its generation in the same compare-and-set (A4). Null: another was faster. */
  async claim(
    session: Session,
    found: RunDocument,
    claim: { holder: string; generation: number; lostHolders: number; lifeMs: number },
  ): Promise<RunDocument | null> {
    const { holder, generation, lostHolders, lifeMs } = claim;
    const lease = { holder: { $literal: holder }, until: leaseUntil(lifeMs) };
    return this.runs
      .findOneAndUpdate(
        { _id: found._id, state: found.state, generation: found.generation, $expr: isFree },
        [{ $set: { generation, lostHolders, lease, parkedUntil: null } }],
        { session, returnDocument: 'after' },
      )
      .lean();
  }

  async raiseGeneration(session: Session, integration: string, generation: number): Promise<void> {
    await this.integrations.updateOne({ _id: integration }, { $max: { lastGeneration: generation } }, { session });
  }

  /** The run as it is, with a longer lease; null when it is no longer this holder's. */
  async renew(claim: Claim, lifeMs: number): Promise<RunDocument | null> {
    return this.runs
      .findOneAndUpdate(claimedBy(claim), [{ $set: { 'lease.until': leaseUntil(lifeMs) } }], {
        returnDocument: 'after',
      })
      .lean();
  }

  async findClaimed(claim: Claim): Promise<RunDocument | null> {
    return this.runs.findOne(claimedBy(claim)).lean();
  }

  /** Writes to a claimed run, if it is still in `state` and whatever else `guard` asks for. Null when it is not. */
  async update(
    session: Session,
    claim: Claim,
    state: RunDocument['state'],
    set: Partial<RunDocument>,
    guard: QueryFilter<RunDocument> = {},
  ): Promise<RunDocument | null> {
    return this.runs
      .findOneAndUpdate(
        { ...trustedFilter(guard), ...claimedBy(claim), state },
        { $set: set },
        {
          session,
          returnDocument: 'after',
        },
      )
      .lean();
  }

  async noteProgress(claim: Claim, progress: RunProgress): Promise<void> {
    await this.runs.updateOne({ ...claimedBy(claim), state: 'reading' }, { $set: { progress } });
  }

  /** Gives a run back without counting a lost holder: somebody else may take it at once. */
  async release(claim: Claim): Promise<void> {
    await this.runs.updateOne(claimedBy(claim), { $set: { lease: null } });
  }

  /** Lets the lease run out after a pause; whoever takes the run then counts a lost holder. */
  async abandon(claim: Claim, pauseMs: number): Promise<void> {
    await this.runs.updateOne(claimedBy(claim), [{ $set: { 'lease.until': leaseUntil(pauseMs) } }]);
  }

  /** A lease that runs out at that moment, and a note why. */
  async park(claim: Claim, until: Date, reason: RunDocument['reason']): Promise<void> {
    const set = { parkedUntil: until.toISOString(), reason, 'lease.until': until };
    await this.runs.updateOne(claimedBy(claim), { $set: set });
  }

  /** Writes to a run that nobody needs to hold for it, if it still meets `guard`. */
  async set(
    session: Session | undefined,
    id: string,
    guard: QueryFilter<RunDocument>,
    set: Partial<RunDocument> | Document,
  ): Promise<RunDocument | null> {
    return this.runs
      .findOneAndUpdate({ ...trustedFilter(guard), _id: id }, { $set: set }, { session, returnDocument: 'after' })
      .lean();
  }

  /**
   * First report of a kind and generation wins (A11), and only the run's own generation counts: one that was read again
   * waits for the report of its last attempt. Reports for an ended run are ignored.
   */
  async storeReport(report: Exclude<RunReport, { kind: 'undone' }>): Promise<void> {
    const { run, integration, generation } = report;
    const place = placeOf(report);
    await this.runs.updateOne(
      {
        _id: run,
        integration,
        generation,
        [place]: trusted({ $exists: false }),
        state: trusted({ $in: [...openStates] }),
      },
      { $set: { [place]: report } },
    );
  }

  /** The report of the undo that was asked for; the first one wins. Null: it is known, or nobody asked. */
  async storeUndone(
    session: Session,
    report: RunReportOf<'undone'>,
    undone: NonNullable<RunDocument['undone']>,
  ): Promise<RunDocument | null> {
    const { run, integration, generation } = report;
    const place = placeOf(report);
    const expected = {
      generation: trusted({ $in: generationsOf(generation) }),
      'undo.requestedAt': trusted({ $exists: true }),
    };
    return this.runs
      .findOneAndUpdate(
        { _id: run, integration, [place]: trusted({ $exists: false }), ...expected },
        { $set: { [place]: report, undone } },
        { session, returnDocument: 'after' },
      )
      .lean();
  }

  async findUnsentUndo(): Promise<RunDocument | null> {
    return this.runs.findOne({ 'undo.requestedAt': trusted({ $exists: true }), 'undo.sentAt': null }).lean();
  }
}
