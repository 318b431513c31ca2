import { Injectable } from '@nestjs/common';
import {
  Databases,
  editsSinceGoodRun,
  guardSettings,
  type PeoplePlanDocument,
  retirements,
  type RunDocument,
  runs,
} from '@rollcall/collections';
import { type Deed, type DueCause, isEnded, type KeyHolder } from '@rollcall/contracts';
import { type Reason, whyAnotherPerson } from '@rollcall/deactivation-guard';

import { FoldSettingsRepository } from '../people/fold-settings.repository.js';
import { PeopleReadsRepository } from '../people/people-reads.repository.js';
import { PublishedRunsRepository } from '../readings/published-runs.repository.js';
import { ReadingsRepository } from '../readings/readings.repository.js';
import type { DueGroup } from './due-people.repository.js';
import { needsAnotherPerson } from './people-plans.errors.js';
import type { Session } from './people-plans.repository.js';

const dayMs = 24 * 60 * 60 * 1000;

/** What a plan tells of its cause. */
export type PlanCause = Pick<PeoplePlanDocument, 'cause' | 'change' | 'changedBy'> & {
  /** Integration that was changed or read, where it was one. */
  readonly concerned: readonly string[];
};

/** What people plans follow from: whether all of it has come, who did it, and in words. */
@Injectable()
export class PlanCausesService {
  constructor(
    private readonly settings: FoldSettingsRepository,
    private readonly reads: PeopleReadsRepository,
    private readonly readings: ReadingsRepository,
    private readonly runs: PublishedRunsRepository,
    private readonly databases: Databases,
  ) {}

  /** Whether everybody is marked whom the cause concerns, so that it can be judged as a whole. */
  async isComplete(group: DueGroup): Promise<boolean> {
    switch (group.kind) {
      case 'settings': {
        const { concerns } = await this.settings.get();
        return (await this.reads.peopleOlderThan(concerns, 1)).length === 0;
      }
      case 'retirement':
        return (await this.retirement(group.integration))?.isDone !== false;
      case 'run':
        return (await this.endOf(group)) !== 'open';
    }
  }

  async causeOf(group: DueGroup, now: Date): Promise<PlanCause> {
    switch (group.kind) {
      case 'settings':
        return this.settingsCause(now);
      case 'retirement': {
        const { by } = (await this.retirement(group.integration)) ?? {};
        const change = `The integration ${await this.nameOf(group.integration)} was deleted with its data.`;
        return { cause: group, change, changedBy: by === undefined ? [] : [by], concerned: [group.integration] };
      }
      case 'run': {
        const name = await this.nameOf(group.integration);
        const change = `Run ${group.run} of ${name}, which is authoritative, brought inactive accounts.`;
        return { cause: group, change, changedBy: [], concerned: [group.integration] };
      }
    }
  }

  /** Why a plan is held whatever its amount: what a failed run read may be half the truth. */
  async doubts(cause: DueCause): Promise<Reason[]> {
    if (cause.kind !== 'run' || (await this.endOf(cause)) !== 'failed') return [];
    const message =
      `Run ${cause.run}, which brought the inactive accounts, did not end well. Nobody was deactivated. Run the ` +
      'integration again, and approve the people plan if its names are right.';
    return [{ code: 'run-not-completed', message }];
  }

  /**
   * The rule of held runs: whoever made the change, changed an integration concerned since its last good run, or started
   * the run, does not approve.
   * @throws PeoplePlanError approval-needs-another-person
   */
  async requireAnotherPerson(
    plan: PeoplePlanDocument,
    actor: string,
    holders: readonly KeyHolder[],
    session: Session,
  ): Promise<void> {
    const guard = await this.databases.model(guardSettings).findOne({ _id: 'guard' }, null, { session }).lean();
    if (guard?.approvalByEditor) return;
    const refusal = whyAnotherPerson(await this.deedsBehind(plan, session), actor, holders);
    if (refusal !== null) throw needsAnotherPerson(refusal);
  }

  private async deedsBehind(plan: PeoplePlanDocument, session: Session): Promise<Deed[]> {
    const at = new Date(plan.createdAt);
    const what = `made this change: "${plan.change}"`;
    const deeds: Deed[] = plan.changedBy.map((by) => ({ by, at, what }));
    const run = await this.runBehind(plan, session);
    if (run !== null && run.requestedBy !== null && run.approves === null) {
      const started = `started run ${run._id} of "${run.integrationName}"`;
      deeds.push({ by: run.requestedBy, at: new Date(run.plannedAt), what: started });
    }
    for (const integration of plan.integrations) {
      deeds.push(...(await editsSinceGoodRun(this.databases, integration, session, run?.plannedAt)));
    }
    return deeds;
  }

  private async runBehind({ cause }: PeoplePlanDocument, session: Session): Promise<RunDocument | null> {
    if (cause.kind !== 'run') return null;
    return this.databases.model(runs).findOne({ _id: cause.run }, null, { session }).lean();
  }

  private async settingsCause(now: Date): Promise<PlanCause> {
    const { concerns, edits = [] } = await this.settings.get();
    const since = new Date(now.getTime() - dayMs).toISOString();
    const recent = edits.filter(({ at }, index) => at > since || index === edits.length - 1);
    return {
      cause: { kind: 'settings', version: concerns },
      change:
        recent
          .map(({ what }) => what)
          .slice(-3)
          .join(' ') || 'What folds people was changed.',
      changedBy: [...new Set(recent.map(({ by }) => by))],
      concerned: [...new Set(recent.flatMap(({ integration }) => integration ?? []))],
    };
  }

  private async endOf({ run, integration }: { run: string; integration: string }): Promise<'open' | 'well' | 'failed'> {
    const state = await this.runs.stateOf(run);
    // Absent where nobody publishes runs; then the reading alone tells.
    if (state !== null) {
      if (!isEnded(state)) return 'open';
      return state === 'failed' || state === 'cancelled' ? 'failed' : 'well';
    }
    const reading = await this.readings.find(integration);
    if (reading?.run !== run) return 'failed';
    return reading.state === 'open' ? 'open' : reading.state === 'ended' ? 'well' : 'failed';
  }

  private async retirement(integration: string) {
    return this.databases.model(retirements).findOne({ _id: integration }).lean();
  }

  private async nameOf(integration: string): Promise<string> {
    return (await this.settings.get()).integrations[integration]?.name ?? integration;
  }
}
