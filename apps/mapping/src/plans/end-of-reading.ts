import { Injectable } from '@nestjs/common';
import type { AccountDocument, ReadingDocument } from '@rollcall/collections';
import type { PlanLine, RunReportOf } from '@rollcall/contracts';

import { MappingsService } from '../mappings/mappings.service.js';
import { type AppliedLines, PreviewsService } from '../previews/previews.service.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { PlansRepository } from './plans.repository.js';
import { ProblemGroups } from './problem-groups.js';
import { isProtected } from './protection.js';
import { bucketOf, bucketsFor, lineKindOf, PlanHash } from './stage-lines.js';

type MappedReport = RunReportOf<'mapped'>;

const linesPerWrite = 1000;

/** What END makes of a reading: is it complete, and who would be deactivated (B18, E1). */
@Injectable()
export class EndOfReading {
  constructor(
    private readonly readings: ReadingsRepository,
    private readonly plans: PlansRepository,
    private readonly mappings: MappingsService,
    private readonly previews: PreviewsService,
  ) {}

  /** Writes the plan lines ahead of their plan and returns the report; the plan itself belongs in END's transaction. */
  async conclude(reading: ReadingDocument, count: number, at: Date): Promise<MappedReport> {
    const counts = emptyCounts();
    const { ruleName } = await this.mappings.compiled(reading);
    const passedOver = { count: 0 };
    const problems = new ProblemGroups();
    const plan = newPlan();
    const doubt = reading.tainted;
    const buckets = bucketsFor(count);
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const ids = await this.seenIn(reading, bucket, buckets, bucket === 0 ? { counts, problems, passedOver } : null);
      counts.read += ids.size;
      if (doubt === null) await this.stage(reading, ids, bucket, buckets, plan, at);
    }
    const reason = doubt ?? mismatch(counts.read, count);
    return {
      kind: 'mapped',
      run: reading.run,
      integration: reading._id,
      generation: reading.generation,
      result: reason === null ? 'complete' : 'incomplete',
      reason,
      counts,
      passedOver: ruleName === null ? null : { rule: ruleName, ...passedOver },
      problems: problems.list(),
      activeAtStart: reading.activeAtStart,
      ...(reason === null ? await this.planned(reading, plan) : nothingPlanned),
    };
  }

  /** Distinct seen ids of one bucket; on the first pass also what was done to the users. */
  private async seenIn(
    reading: ReadingDocument,
    bucket: number,
    buckets: number,
    first: { counts: MappedReport['counts']; problems: ProblemGroups; passedOver: { count: number } } | null,
  ): Promise<Set<string>> {
    const ids = new Set<string>();
    for await (const chunk of this.readings.seenChunks(reading._id, reading.generation)) {
      for (const id of chunk.ids) if (bucketOf(id, buckets) === bucket) ids.add(id);
      if (!first) continue;
      for (const name of tallies) first.counts[name] += chunk[name] ?? 0;
      first.passedOver.count += chunk.passedOver;
      for (const problem of chunk.problems) first.problems.add(problem);
    }
    return ids;
  }

  private async stage(
    reading: ReadingDocument,
    ids: ReadonlySet<string>,
    bucket: number,
    buckets: number,
    plan: GrowingPlan,
    at: Date,
  ): Promise<void> {
    // Before a first load nobody can be missing, and nobody inactive was created active; one user says nothing of others.
    if (!reading.pinned.deactivate || reading.pinned.scope === 'none' || reading.activeAtStart === 0) return;
    let pending = new Map<string, PlanLine['kind']>();
    const flush = async () => {
      const lines = await this.linesOf(reading, pending, plan.staged);
      pending = new Map();
      for (const line of lines) addLine(plan, line);
      await this.plans.prepareLines(reading.run, lines, at);
      if (reading.pinned.scope === 'preview') await this.previews.foresee(reading, lines, at);
    };
    for await (const account of this.previews.asPlanned(reading, this.readings.activeAccounts(reading._id))) {
      if (bucketOf(account.vendorId, buckets) !== bucket) continue;
      const kind = lineKindOf(account, reading, ids.has(account.vendorId), at.getTime());
      if (kind === null) continue;
      pending.set(account._id, kind);
      if (pending.size >= linesPerWrite) await flush();
    }
    await flush();
  }

  private async linesOf(
    reading: ReadingDocument,
    pending: ReadonlyMap<string, PlanLine['kind']>,
    firstNumber: number,
  ): Promise<PlanLine[]> {
    if (pending.size === 0) return [];
    const found = await this.readings.accountsById([...pending.keys()]);
    const applied = await this.previews.appliedTo(reading, [...pending.keys()]);
    const accounts = found.filter((account) => foretold(applied, account, pending.get(account._id)!));
    const people = await this.plans.protectedPeople(accounts.flatMap((account) => account.person ?? []));
    const { approvedPlan } = reading.pinned;
    const approved = approvedPlan === null ? nobody : await this.plans.accountsIn(approvedPlan, [...pending.keys()]);
    return accounts.map((account, index) => ({
      number: firstNumber + index,
      kind: pending.get(account._id)!,
      account: account._id,
      vendorId: account.vendorId,
      username: account.username,
      revision: account.revision,
      protected: isProtected(account, reading, people),
      approved: approved.has(account._id),
    }));
  }

  private async planned(reading: ReadingDocument, plan: GrowingPlan): Promise<Planned> {
    const { staged, approved, samples, protectedLines, hash } = plan;
    const { approvedPlan } = reading.pinned;
    return {
      staged,
      approved,
      samples,
      returned: approvedPlan === null ? null : await this.plans.notStagedAgain(approvedPlan, reading.run, staged),
      protectedLines: protectedLines.slice(0, 100),
      planHash: hash.value(),
    };
  }
}

/** A run that applies a preview stages only what that foretold of the same account and person (E7). */
function foretold(applied: AppliedLines | null, account: AccountDocument, kind: PlanLine['kind']): boolean {
  if (applied === null) return true;
  const line = applied.get(account._id);
  return line?.staged === kind && line.person === account.person;
}

type Planned = Pick<MappedReport, 'staged' | 'approved' | 'samples' | 'returned' | 'protectedLines' | 'planHash'>;

const nobody: ReadonlySet<string> = new Set();
const nothingPlanned: Planned = {
  staged: 0,
  approved: 0,
  samples: [],
  returned: null,
  protectedLines: [],
  planHash: null,
};

interface GrowingPlan {
  staged: number;
  approved: number;
  readonly samples: string[];
  readonly protectedLines: string[];
  readonly hash: PlanHash;
}

const newPlan = (): GrowingPlan => ({ staged: 0, approved: 0, samples: [], protectedLines: [], hash: new PlanHash() });

const mostSamples = 20;

function addLine(plan: GrowingPlan, line: PlanLine): void {
  const name = line.username ?? line.vendorId;
  plan.hash.add(line);
  plan.staged += 1;
  if (line.approved) plan.approved += 1;
  else if (line.protected) plan.protectedLines.push(name);
  if (plan.samples.length < mostSamples) plan.samples.push(name);
}

const tallies = [
  ...(['created', 'updated', 'unchanged', 'outdated', 'skipped', 'rejected', 'reactivated', 'unknownStatus'] as const),
];

function emptyCounts(): MappedReport['counts'] {
  return {
    read: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    outdated: 0,
    skipped: 0,
    rejected: 0,
    reactivated: 0,
    unknownStatus: 0,
  };
}

function mismatch(distinct: number, stated: number): { code: string; message: string } | null {
  if (distinct === stated) return null;
  return {
    code: 'count-mismatch',
    message: `${stated} users were sent but ${distinct} arrived, so the read cannot be trusted and nobody is deactivated. Start the run again; if this repeats, look at the dead letters.`,
  };
}
