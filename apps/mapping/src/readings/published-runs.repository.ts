import { Inject, Injectable } from '@nestjs/common';
import { Databases, type PlanDocument, type ReadingDocument, type RunDocument, runs } from '@rollcall/collections';
import { messageGeneration, type RawMessageOf, type Verdict } from '@rollcall/contracts';
import type { Refusal } from '@rollcall/messaging';
import type { Collection } from 'mongodb';

/**
 * How far ahead of this clock a generation may lie. Generations are times, and rise above the last one; a wrong clock that
 * is believed for long would fence an integration for as long. Clocks of hosts may be off by minutes without harm.
 */
export const generationToleranceMs = 5 * 60_000;

/** What is published of the run that a message names. */
export type Standing =
  | 'current'
  /** The run is read under a newer generation by now: its messages of this one count for nothing. */
  | 'superseded'
  | 'unknown'
  | 'in-future';

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
export class PublishedRuns {
  private readonly runs: Collection<RunDocument>;

  constructor(@Inject(Databases) databases: Databases) {
    this.runs = databases.collection(runs);
  }

  /** @param partition where START lies; other messages follow their START */
  async standingOf({ i, g, r }: Named, partition?: number): Promise<Standing> {
    const run = await this.find(r);
    if (run?.integration !== i || run.generation < g) return 'unknown';
    if (partition !== undefined && run.partition !== partition) return 'unknown';
    if (run.generation > g) return 'superseded';
    return g > Date.now() + generationToleranceMs ? 'in-future' : 'current';
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

  /** Why the deactivations of a run are not taken back, or null: its undo must have been asked for and stored (E5). */
  async undoRefusal({ i, g, r, undo }: RawMessageOf<'undo'>): Promise<Refusal | null> {
    const run = await this.find(r);
    const isAsked = run?.integration === i && messageGeneration(run.generation) === g && run.undo?.requestedAt === undo;
    if (isAsked) return null;
    return {
      code: 'undo-not-asked-for',
      reason: `UNDO names run ${r}, and nobody asked to undo that run at that time. Nothing was reactivated. ${cure}`,
    };
  }

  /**
   * Sees whatever was stored before the message was sent, also right after another member of the replica set became
   * primary, when a plain majority read may still answer with what was before.
   */
  private async find(id: string): Promise<RunDocument | null> {
    return this.runs.findOne({ _id: id }, { readConcern: { level: 'linearizable' }, maxTimeMS: lookMs });
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

export function generationInFuture(run: string): Refusal {
  return {
    code: 'generation-in-future',
    reason:
      `The generation of run ${run} lies more than ${generationToleranceMs / 60_000} minutes in the future: the clock of ` +
      'sync-runner or that of mapping is wrong, or was. Correct the clocks. Runs are obeyed again once that time has come.',
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
