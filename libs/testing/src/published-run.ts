import { type Databases, plans, type RunDocument, runs } from '@rollcall/collections';
import type { RunReport, Verdict } from '@rollcall/contracts';

/** A run as sync-runner publishes it while it reads. Mapping obeys no message whose run is not published. */
export function buildRun(overrides: Partial<RunDocument> & Pick<RunDocument, '_id' | 'integration'>): RunDocument {
  const { integration } = overrides;
  return {
    integrationName: integration,
    kind: 'manual',
    scope: 'full',
    state: 'reading',
    generation: 1,
    initial: false,
    plannedAt: new Date().toISOString(),
    startedAt: new Date().toISOString(),
    endedAt: null,
    reason: null,
    counts: null,
    passedOver: null,
    progress: null,
    problems: [],
    drift: [],
    verdict: null,
    lostHolders: 0,
    parkedUntil: null,
    requestedBy: null,
    subject: null,
    heldPlan: null,
    approves: null,
    applies: null,
    partition: 0,
    pinned: null,
    lease: null,
    refetches: 0,
    endSent: false,
    evidence: null,
    reports: {},
    cancelRequested: false,
    scopeFingerprint: null,
    shape: null,
    approvedPlan: null,
    undo: null,
    undone: null,
    ...overrides,
  };
}

export function buildVerdict(overrides: Partial<Verdict> = {}): Verdict {
  return {
    decision: 'pass',
    reasons: [],
    activeAtStart: 0,
    staged: 0,
    approved: 0,
    samples: [],
    returned: null,
    refuted: [],
    planHash: null,
    decidedAt: new Date().toISOString(),
    ...overrides,
  };
}

/** What sync-runner stores of runs before and after it speaks to mapping. */
export class PublishedRunStore {
  constructor(private readonly databases: Databases) {}

  async put(run: RunDocument): Promise<void> {
    await this.runs.replaceOne({ _id: run._id }, run, { upsert: true });
  }

  /** The guard let the plan pass that mapping staged for the run. */
  async pass(run: string, verdict: Partial<Verdict> = {}): Promise<void> {
    const plan = await this.databases.collection(plans).findOne({ _id: run });
    await this.set(run, { state: 'sweeping', verdict: buildVerdict({ planHash: plan?.hash ?? null, ...verdict }) });
  }

  /** The run ended without a sweep, as one does for which nothing is staged. What was judged since stays as it is. */
  async end(run: string): Promise<void> {
    const endedAt = new Date().toISOString();
    await this.runs.updateOne({ _id: run, state: 'reading' }, { $set: { state: 'completed', endedAt } });
  }

  /** The run ended once its sweep was reported. */
  async complete(run: string, swept: RunReport): Promise<void> {
    const endedAt = new Date().toISOString();
    const place = `reports.${swept.generation}:${swept.kind}`;
    await this.runs.updateOne({ _id: run }, { $set: { state: 'completed', endedAt, [place]: swept } });
  }

  /** Somebody asked for an undo. Returns the run, with the time at which they did. */
  async askForUndo(run: string): Promise<{ generation: number; requestedAt: string }> {
    const requestedAt = new Date().toISOString();
    await this.set(run, { undo: { requestedBy: 'test', requestedAt, sentAt: null } });
    const { generation } = (await this.runs.findOne({ _id: run }))!;
    return { generation, requestedAt };
  }

  async set(run: string, set: Partial<RunDocument>): Promise<void> {
    await this.runs.updateOne({ _id: run }, { $set: set });
  }

  private get runs() {
    return this.databases.collection(runs);
  }
}
