import { Injectable } from '@nestjs/common';
import type { AccountDocument, PreviewLineDocument, ReadingDocument } from '@rollcall/collections';
import type { PlanLine, PlanLineKind, PreviewRule } from '@rollcall/contracts';

import { deactivated } from '../accounts/apply-user.js';
import { type ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { FoldSession } from '../people/fold-session.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { PeopleReadsRepository } from '../people/people-reads.repository.js';
import type { StageableAccount } from '../readings/readings.repository.js';
import { lineId, linesOf, planOf } from './preview-lines.js';
import { PreviewReads } from './preview-reads.js';
import { PreviewsRepository } from './previews.repository.js';

/** What an applied preview foretold of accounts, by account (E7). */
export type AppliedLines = ReadonlyMap<
  string,
  Pick<PreviewLineDocument, 'inline' | 'staged' | 'person' | 'isNewPerson'>
>;

const accountsPerLook = 1000;

/** Previews: the work of a run with lines in the place of records (E6), and the runs that apply them (E7). */
@Injectable()
export class PreviewsService {
  constructor(
    private readonly repository: PreviewsRepository,
    private readonly stored: PeopleReadsRepository,
    private readonly settings: FoldSettingsRepository,
  ) {}

  readsOf(reading: ReadingDocument): PreviewReads {
    return new PreviewReads(planOf(reading), this.repository, this.stored);
  }

  /** The lines for what a slice would write. */
  linesOf(
    reading: ReadingDocument,
    set: ChangeSet,
    reads: PreviewReads,
    rules: ReadonlyMap<string, PreviewRule>,
    at: Date,
  ): PreviewLineDocument[] {
    return linesOf(set, { plan: planOf(reading), at, rules, earlier: reads.earlier, staged: new Map() });
  }

  /** Null: the run applies no preview, and may do whatever it finds. */
  async appliedTo({ pinned }: ReadingDocument, accounts: readonly string[]): Promise<AppliedLines | null> {
    if (!pinned.appliedPlan) return null;
    const generation = await this.repository.generationOf(pinned.appliedPlan);
    if (generation === null) return new Map();
    const plan = planOf({ run: pinned.appliedPlan, generation });
    const lines = await this.repository.byId(accounts.map((account) => lineId(plan, 'account', account)));
    return new Map(lines.map((line) => [line.record, line]));
  }

  /** Accounts with the status that this preview would have given them; as stored for any other run. */
  async *asPlanned(
    reading: ReadingDocument,
    accounts: AsyncIterable<StageableAccount>,
  ): AsyncGenerator<StageableAccount> {
    if (reading.pinned.scope !== 'preview') {
      yield* accounts;
      return;
    }
    const plan = planOf(reading);
    for await (const chunk of chunksOf(accounts)) {
      const lines = await this.repository.byId(chunk.map(({ _id }) => lineId(plan, 'account', _id)));
      const planned = new Map(lines.map(({ record, after }) => [record, (after as AccountDocument).sourceStatus]));
      for (const account of chunk) {
        yield { ...account, sourceStatus: planned.get(account._id) ?? account.sourceStatus };
      }
    }
  }

  /** What sweeping these lines would do to accounts and their people. Protected ones are never swept. */
  async foresee(reading: ReadingDocument, staged: readonly PlanLine[], at: Date): Promise<void> {
    const open = staged.filter((line) => !line.protected);
    if (open.length === 0) return;
    const reads = this.readsOf(reading);
    const fold = new FoldSession(reads, await this.settings.get());
    const kinds = new Map<string, PlanLineKind>(open.map(({ account, kind }) => [account, kind]));
    await fold.load([...kinds.keys()], []);
    for (const [id, kind] of kinds) {
      const account = fold.account(id);
      const origin = originOf(reading, kind, at);
      if (account?.active) fold.draft(deactivated(account, reading, origin.time), origin, reading.run);
    }
    const set = new ChangeSet();
    await fold.writeTo(set);
    const context = { plan: planOf(reading), at, rules: new Map(), earlier: reads.earlier, staged: kinds };
    await this.repository.write(linesOf(set, context));
  }
}

async function* chunksOf(accounts: AsyncIterable<StageableAccount>): AsyncGenerator<StageableAccount[]> {
  let chunk: StageableAccount[] = [];
  for await (const account of accounts) {
    if (chunk.push(account) < accountsPerLook) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
}

/** Stands in no change: a preview writes none. */
function originOf(reading: ReadingDocument, line: PlanLineKind, at: Date): ChangeOrigin {
  const { run, _id: integration, pinned } = reading;
  return {
    position: 'preview',
    time: at.toISOString(),
    cause: { kind: 'sweep', run, integration, line, initial: pinned.initial },
  };
}
