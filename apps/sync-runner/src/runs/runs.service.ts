import { Inject, Injectable } from '@nestjs/common';
import { Databases, type IntegrationDocument, type RunDocument } from '@rollcall/collections';
import {
  isEnded,
  reportCredential,
  type RunProgress,
  type RunReport,
  type RunReportOf,
  type RunState,
  runUndone,
  schedulePlanned,
} from '@rollcall/contracts';
import { Outbox } from '@rollcall/messaging';
import { CONFIG } from '@rollcall/service';

import type { SyncRunnerConfig } from '../config.js';
import { afterRun } from '../slots/quarantine.js';
import { knownBy, latelyOf, slotAfter } from './after-run.js';
import { credentialNews } from './credential-news.js';
import { mostLostHolders, nextGeneration, startsAgain } from './generation.js';
import { eventOf, newRun, type PlannedRun, recordOf, undoneOf } from './run-record.js';
import { requireTransition } from './run-state.js';
import { LeaseLost } from './runs.errors.js';
import { type Claim, RunsRepository, type Session } from './runs.repository.js';

/** A claimed run, and the generation under which mapping may have an open reading of it. */
export interface Claimed {
  readonly run: RunDocument;
  readonly openGeneration: number | null;
  /** Too many holders were lost: all that is left to do is to fail it (A5). */
  readonly isGivenUp: boolean;
}

/** The life of a run from its plan to its end: every step is a compare-and-set with its event in one transaction. */
@Injectable()
export class RunsService {
  constructor(
    private readonly runs: RunsRepository,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: SyncRunnerConfig,
    private readonly databases: Databases,
  ) {}

  /** Opens a run, or returns null because another one of the integration is open (A3). */
  async plan(session: Session, integration: IntegrationDocument, planned: PlannedRun): Promise<RunDocument | null> {
    if (!(await this.runs.open(session, integration._id, planned.id))) return null;
    const run = newRun(integration, planned, null);
    await this.runs.insert(session, run);
    await this.announce(session, run, this.databases.time());
    return run;
  }

  /** Notes a slot that came while another run was open. */
  async skip(session: Session, integration: IntegrationDocument, planned: PlannedRun): Promise<void> {
    const at = this.databases.time();
    const run = newRun(integration, planned, at.toISOString());
    await this.runs.insert(session, run);
    await this.announce(session, run, at);
  }

  /** Takes an open run that nobody holds (A4). Null when there is none, or when somebody else was faster. */
  async claim(holder: string, except: readonly string[]): Promise<Claimed | null> {
    const found = await this.runs.findClaimable(except);
    if (found === null) return null;
    // A parked run was not lost: its lease only says until when nobody takes it.
    const isLost = found.lease !== null && found.parkedUntil === null;
    const lostHolders = found.lostHolders + (isLost ? 1 : 0);
    const isGivenUp = found.state !== 'sweeping' && lostHolders > mostLostHolders;
    const run = await this.runs.inTransaction(async (session) => {
      const generation = await this.generationFor(session, found, isGivenUp);
      const lifeMs = this.config.RUN_LEASE_MS;
      const claimed = await this.runs.claim(session, found, { holder, generation, lostHolders, lifeMs });
      if (claimed) await this.runs.raiseGeneration(session, found.integration, generation);
      return claimed;
    });
    if (run === null) return null;
    return { run, isGivenUp, openGeneration: found.state === 'planned' ? null : found.generation };
  }

  /** Another attempt of the same holder because totals moved: a new generation that counts as no lost holder (A5). */
  async refetch(claim: Claim, run: RunDocument): Promise<RunDocument> {
    return this.whileClaimed(claim, (session) => this.raise(session, claim, run));
  }

  /** Leaves a judged run to be read again under a new generation, which counts as no lost holder. @throws LeaseLost */
  async readAgain(claim: Claim, run: RunDocument): Promise<RunDocument> {
    requireTransition(run.state, 'reading');
    const set = { endSent: false, evidence: null, progress: null, refetches: run.refetches + 1, lease: null };
    return this.whileClaimed(claim, (session) =>
      this.runs.update(session, claim, run.state, { ...set, state: 'reading' }),
    );
  }

  /** Writes to a claimed run without changing its state. @throws LeaseLost */
  async note(claim: Claim, state: RunState, set: Partial<RunDocument>): Promise<RunDocument> {
    return this.whileClaimed(claim, (session) => this.runs.update(session, claim, state, set));
  }

  /**
   * Takes a claimed run to another state. An end state frees the integration; a completed run becomes what later ones are
   * compared with (A13). @throws LeaseLost when the run is no longer this holder's
   */
  async change(
    claim: Claim,
    run: RunDocument,
    to: RunState,
    set: Partial<RunDocument> = {},
    options: ChangeOptions = {},
  ): Promise<RunDocument> {
    requireTransition(run.state, to);
    const at = this.databases.time();
    const ending = isEnded(to) ? { lease: null, endedAt: at.toISOString(), shape: null } : {};
    const guard = options.unlessCancelled === true ? { cancelRequested: false } : {};
    const changed = await this.whileClaimed(claim, async (session) => {
      const after = await this.runs.update(session, claim, run.state, { ...set, ...ending, state: to }, guard);
      if (after === null) return null;
      await options.also?.(session, after);
      if (isEnded(to)) {
        // The integration keeps the shape; an ended run needs it no longer.
        await this.close(session, { ...after, shape: run.shape });
        await this.tellVault(session, after);
      }
      await this.announce(session, after, at);
      return after;
    });
    return changed;
  }

  /** Ends a run as held, under the plan that its lines belong to (E3). */
  async hold(
    claim: Claim,
    run: RunDocument,
    set: Partial<RunDocument>,
    planOf: (session: Session, run: RunDocument) => Promise<string>,
  ): Promise<RunDocument> {
    return this.change(claim, run, 'held', set, {
      also: async (session, after) => {
        after.heldPlan = await planOf(session, after);
        await this.runs.set(session, after._id, {}, { heldPlan: after.heldPlan });
      },
    });
  }

  /** The run with a longer lease, or null when it is no longer this holder's. */
  async renew(claim: Claim): Promise<RunDocument | null> {
    return this.runs.renew(claim, this.config.RUN_LEASE_MS);
  }

  /** The run as it is, or null when it is no longer this holder's. */
  async look(claim: Claim): Promise<RunDocument | null> {
    return this.runs.findClaimed(claim);
  }

  /** For people who watch; a failure is met by the next write that matters. */
  async noteProgress(claim: Claim, progress: RunProgress): Promise<void> {
    await this.runs.noteProgress(claim, progress).catch(() => undefined);
  }

  /** Gives a run back without counting a lost holder. */
  async release(claim: Claim): Promise<void> {
    await this.runs.release(claim);
  }

  /** Gives a run back after `pauseMs` as a lost holder would. */
  async abandon(claim: Claim, pauseMs: number): Promise<void> {
    await this.runs.abandon(claim, pauseMs);
  }

  /** Leaves the run to whoever takes it at that moment, as a new generation that counts as no lost holder (V1). */
  async park(claim: Claim, until: Date, reason: RunDocument['reason']): Promise<void> {
    await this.runs.park(claim, until, reason);
  }

  async findUnsentUndo(): Promise<RunDocument | null> {
    return this.runs.findUnsentUndo();
  }

  async noteUndoSent(run: string, at: Date): Promise<void> {
    await this.runs.set(undefined, run, {}, { 'undo.sentAt': at.toISOString() });
  }

  async storeReport(report: Exclude<RunReport, { kind: 'undone' }>): Promise<void> {
    await this.runs.storeReport(report);
  }

  /** Tells what came of an undo, once; `also` writes in the same transaction, which may run several times. */
  async storeUndone(
    report: RunReportOf<'undone'>,
    also: (session: Session, run: RunDocument) => Promise<void>,
  ): Promise<void> {
    const at = this.databases.time();
    await this.runs.inTransaction(async (session) => {
      const run = await this.runs.find(report.run, session);
      if (run === null || run.undo === null) return;
      const after = await this.runs.storeUndone(session, report, undoneOf(run, report, at));
      if (after === null) return;
      await also(session, after);
      await this.tell(session, after, runUndone, 'undone', at);
    });
  }

  /** Puts the event of a run's present state into the transaction; `at` is the transaction's time. */
  async announce(session: Session, run: RunDocument, at: Date): Promise<void> {
    const definition = eventOf(run.state);
    if (definition !== null) await this.tell(session, run, definition, run.state, at);
  }

  private async tell(
    session: Session,
    run: RunDocument,
    definition: typeof runUndone,
    name: string,
    at: Date,
  ): Promise<void> {
    await this.outbox.event(session, definition, {
      id: `${run._id}/${name}`,
      key: run.integration,
      subject: run._id,
      time: at.toISOString(),
      data: { run: recordOf(run) },
    });
  }

  /** Tells the vault what the vendor made of the credential, if that is news to it (V19, F4). */
  private async tellVault(session: Session, run: RunDocument): Promise<void> {
    const known = run.pinned && (await this.runs.findCredential(run.pinned.credential, session));
    const input = credentialNews(run, known);
    if (input === null) return;
    await this.outbox.command(session, reportCredential, {
      key: run._id,
      aggregate: input.credential,
      actor: 'sync-runner',
      correlationId: run.integration,
      input,
    });
  }

  /** Frees the integration, with what later runs are compared with and when the next one is due. */
  private async close(session: Session, run: RunDocument): Promise<void> {
    const integration = await this.runs.findIntegration(run.integration, session);
    if (integration === null) return;
    const now = await this.runs.now();
    // A look at one user says nothing of how the vendor is read.
    const lately = run.scope === 'full' ? afterRun(integration, run, now) : latelyOf(integration);
    const slot = slotAfter(integration, lately.quarantine, now);
    await this.runs.close(session, run, { ...knownBy(run, integration), ...lately, ...slot });
    if (slot.nextRunAt === undefined) return;
    await this.outbox.event(session, schedulePlanned, {
      id: `${run._id}/slot`,
      key: run.integration,
      subject: run.integration,
      time: now.toISOString(),
      data: { integration: run.integration, plannedAt: slot.nextRunAt },
    });
  }

  /** A run that is given up keeps its generation, because ABORT must name the one that mapping reads. */
  private async generationFor(session: Session, found: RunDocument, isGivenUp: boolean): Promise<number> {
    if (isGivenUp || !startsAgain(found.state)) return found.generation;
    const integration = await this.runs.findIntegration(found.integration, session);
    const now = await this.runs.now();
    return nextGeneration(Math.max(integration?.lastGeneration ?? 0, found.generation), now.getTime());
  }

  private async raise(session: Session, claim: Claim, run: RunDocument): Promise<RunDocument | null> {
    const generation = nextGeneration(run.generation, (await this.runs.now()).getTime());
    const refetches = run.refetches + 1;
    const after = await this.runs.update(session, claim, run.state, { generation, refetches });
    if (after) await this.runs.raiseGeneration(session, run.integration, generation);
    return after;
  }

  private async whileClaimed(
    claim: Claim,
    write: (session: Session) => Promise<RunDocument | null>,
  ): Promise<RunDocument> {
    const run = await this.runs.inTransaction(write);
    if (run === null) throw new LeaseLost(claim.run);
    return run;
  }
}

/** What else belongs to a change of a run. */
export interface ChangeOptions {
  readonly unlessCancelled?: boolean;
  /** More writes of the same transaction; it may run several times. */
  readonly also?: (session: Session, run: RunDocument) => Promise<void>;
}
