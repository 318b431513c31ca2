import { Injectable } from '@nestjs/common';
import type { AccountDocument, PlanLineDocument, ReadingDocument } from '@rollcall/collections';

import { deactivated } from '../accounts/apply-user.js';
import { type ChangeOrigin, ChangeSet } from '../changes/change-set.js';
import { FoldSession } from '../people/fold-session.js';
import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { PeopleReadsRepository } from '../people/people-reads.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import { isProtected } from './protection.js';

export interface PlannedSweep {
  readonly set: ChangeSet;
  /** Ids of plan lines executed, and stale ones with their reason. */
  readonly executed: readonly string[];
  readonly stale: ReadonlyMap<string, string>;
}

/** Executes plan lines after the verdict (E2). Plans only; the caller writes. */
@Injectable()
export class SweepPlanner {
  constructor(
    private readonly reads: PeopleReadsRepository,
    private readonly settings: FoldSettingsRepository,
    private readonly readings: ReadingsRepository,
  ) {}

  async sweep(
    reading: ReadingDocument,
    lines: readonly PlanLineDocument[],
    refuted: ReadonlySet<string>,
    originOf: (line: PlanLineDocument) => ChangeOrigin,
  ): Promise<PlannedSweep> {
    const integration = await this.readings.integration(reading._id);
    const stillDeactivates = integration?.deactivate.enabled === true && !integration.deactivate.onHold;
    const fold = new FoldSession(this.reads, await this.settings.get());
    await fold.load(
      lines.map((line) => line.account),
      [],
    );
    const set = new ChangeSet(firstNumberOf(lines[0]?.number ?? 0));
    const executed: string[] = [];
    const stale = new Map<string, string>();
    for (const line of lines) {
      const account = fold.account(line.account);
      const reason = !stillDeactivates
        ? 'the integration no longer deactivates'
        : refuted.has(line.account)
          ? 'the vendor says by id that the user is there'
          : staleReason(line, account, reading, fold);
      if (reason !== null) stale.set(line._id, reason);
      else {
        fold.draft(deactivated(account!, reading, originOf(line).time), originOf(line), reading.run);
        executed.push(line._id);
      }
    }
    await fold.writeTo(set);
    return { set, executed, stale };
  }
}

/** A line changes one account and at most one person, so numbers of later lines never meet those of earlier ones. */
function firstNumberOf(line: number): number {
  return 2 * line;
}

function staleReason(
  line: PlanLineDocument,
  account: AccountDocument | undefined,
  reading: ReadingDocument,
  fold: FoldSession,
): string | null {
  if (!account) return 'the account is gone';
  if (account.revision !== line.revision) return 'the account changed since it was staged';
  if (!account.active) return 'the account is inactive already';
  if (account.hold !== null) return 'the account is held';
  const person = account.person === null ? null : fold.person(account.person);
  const protectedPeople = new Set(person?.protected ? [person._id] : []);
  return isProtected(account, reading, protectedPeople) ? 'the account is protected' : null;
}
