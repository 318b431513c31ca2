import { Injectable } from '@nestjs/common';
import { Databases, type PlanDocument, type ReadingDocument, type RunDocument, runs } from '@rollcall/collections';
import { messageGeneration, type RawMessageOf, type RunState, type Verdict } from '@rollcall/contracts';
import type { Refusal } from '@rollcall/messaging';
import type { Model } from 'mongoose';

/** What is published of the run that a message names. */
export type Standing =
  | 'current'
  /** The run is read under a newer generation by now: its messages of this one count for nothing. */
  | 'superseded'
  | 'unknown';

interface Named {
  readonly i: string;
  readonly g: number;
  readonly r: string;
}

/** `linearizable` waits for a majority, which may be away. */
const lookMs = 10_000;

/**
 * Asks sync-runner's published runs whether a message may be obeyed. A signature says who wrote it; this says that what it
 * orders was decided and stored, so that neither a mix-up of runs nor a message said again passes.
 */
@Injectable()
export class PublishedRunsRepository {
  private readonly runs: Model<RunDocument>;

  constructor(databases: Databases) {
    this.runs = databases.model(runs);
  }

  /** State of a run, null where none is published under that id. */
  async stateOf(run: string): Promise<RunState | null> {
    return (await this.runs.findOne({ _id: run }, { state: 1 }).lean())?.state ?? null;
  }

  /** @param partition where START lies; other messages follow their START */
  async standingOf({ i, g, r }: Named, partition?: number): Promise<Standing> {
    const run = await this.find(r);
    if (run?.integration !== i || run.generation < g) return 'unknown';
    if (partition !== undefined && run.partition !== partition) return 'unknown';
    return run.generation > g ? 'superseded' : 'current';
  }

  /**
   * The verdict that lets the plan of a reading be swept, or why there is none (A12).
   * @param isBegun the sweep was allowed before and goes on where it stopped; its run may have ended meanwhile
   */
  async passed(
    { i, g, r }: RawMessageOf<'sweep'>,
    reading: ReadingDocument,
    plan: PlanDocument | null,
    isBegun: boolean,
  ): Promise<Verdict | Refusal> {
    if (reading.run !== r) return notOfThisRun('SWEEP', r);
    const run = await this.find(r);
    return run?.integration === i && run.generation === g
      ? passedOf(run, plan, isBegun)
      : notSweeping(r, 'the published run is another one');
  }

  /** Why a run is not undone, or null: its undo must have been asked for and stored (E5). */
  async undoRefusal({ i, g, r, undo }: RawMessageOf<'undo'>): Promise<Refusal | null> {
    const run = await this.find(r);
    const isAsked = run?.integration === i && messageGeneration(run.generation) === g && run.undo?.requestedAt === undo;
    if (isAsked) return null;
    return {
      code: 'undo-not-asked-for',
      reason: `UNDO names run ${r}, and nobody asked to undo that run at that time. Nothing was taken back. ${cure}`,
    };
  }

  /**
   * Sees whatever was stored before the message was sent, also right after another member of the replica set became
   * primary, when a plain majority read may still answer with what was before.
   */
  async find(id: string): Promise<RunDocument | null> {
    return this.runs.findOne({ _id: id }, null, { readConcern: { level: 'linearizable' }, maxTimeMS: lookMs }).lean();
  }
}

function passedOf(run: RunDocument, plan: PlanDocument | null, isBegun: boolean): Verdict | Refusal {
  const { _id: r, verdict } = run;
  if (verdict?.decision !== 'pass') return notSweeping(r, 'the guard did not let it pass');
  if (!isBegun && !isSwept(run)) return notSweeping(r, `the run is in state ${run.state}`);
  return judgedHash(run) === (plan?.hash ?? null) ? verdict : notSweeping(r, 'the guard judged another plan');
}

/** Not yet told how it ended, or told so under this generation: mapping was restored from before and comes by again. */
function isSwept({ state, reports, generation }: RunDocument): boolean {
  return state === 'sweeping' || reports[`${generation}:swept`] !== undefined;
}

/** A verdict of an earlier version holds no hash; what it judged is the report that stands beside it. */
function judgedHash({ verdict, reports, generation }: RunDocument): string | null {
  if (typeof verdict?.planHash === 'string') return verdict.planHash;
  const mapped = reports[`${generation}:mapped`];
  return mapped?.kind === 'mapped' ? mapped.planHash : null;
}

const cure =
  'Look for what sent it: sync-runner stores what it decides before it says so. If its database was restored, start the ' +
  'integration again.';

/** START, END or records of a run that sync-runner does not know. */
export function runUnknown(what: string, run: string): Refusal {
  return {
    code: 'run-unknown',
    reason: `${what} names run ${run}, which is not published for this integration, partition and generation. ${cure}`,
  };
}

/** A message of this generation that names another run than its START. */
export function notOfThisRun(what: string, run: string): Refusal {
  return {
    code: 'run-mismatch',
    reason: `${what} names run ${run}, and the START of its generation named another one. ${cure}`,
  };
}

function notSweeping(run: string, why: string): Refusal {
  return {
    code: 'sweep-not-judged',
    reason: `SWEEP of run ${run} was not obeyed: ${why}. Nobody was deactivated. ${cure}`,
  };
}
