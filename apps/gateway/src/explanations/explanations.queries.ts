import { Injectable } from '@nestjs/common';
import {
  accounts,
  bounded,
  changes,
  Databases,
  findRecord,
  heldPlans,
  intents,
  people,
  peoplePlans,
  planLines,
  queryTimeMs,
  runs,
  trusted,
  workflowRuns,
} from '@rollcall/collections';
import {
  type Change,
  type Explanation,
  type ExplanationFact,
  largestPage,
  type PersonRecord,
} from '@rollcall/contracts';

import { found } from '../gateway.errors.js';
import { CausesQueries } from '../history/causes.queries.js';
import { toldChange } from '../history/told-change.js';
import {
  approvalFact,
  evidenceFact,
  intentFact,
  mappingFact,
  type NameOf,
  peoplePlanFacts,
  ruleFact,
  vendorFact,
} from './facts.js';

const options = { maxTimeMS: queryTimeMs };
const mostIntents = 50;

/** Puts together what several services know about one deactivation. */
@Injectable()
export class ExplanationsQueries {
  constructor(
    private readonly databases: Databases,
    private readonly causes: CausesQueries,
  ) {}

  async explain(id: string): Promise<Explanation> {
    const person = found(await findRecord(this.databases.model(people), id), `person ${id}`);
    const own = await bounded(() =>
      this.databases
        .model(accounts)
        .find({ person: id }, { active: 1 }, { ...options, limit: largestPage })
        .lean(),
    );
    // An account that is active again explains nothing.
    const inactive = own.filter(({ active }) => !active).map(({ _id }) => _id);
    const [ofPerson, ...ofAccounts] = await Promise.all([id, ...inactive].map((one) => this.lastDeactivation(one)));
    const told = [ofPerson, ...ofAccounts].filter((change) => change !== undefined && change !== null);
    const facts: ExplanationFact[] = [];
    for (const change of told) facts.push(...(await this.factsOf(change)));
    return {
      person: id,
      active: person.active,
      summary: summaryOf(person, ofPerson ?? null),
      facts: [...facts, ...(await this.intentFacts(own.map(({ _id }) => _id)))],
    };
  }

  private async lastDeactivation(record: string): Promise<Change | null> {
    const ended = { record, 'changed.active': true, 'after.active': false };
    const change = await bounded(() =>
      this.databases
        .model(changes)
        .findOne(ended, null, { ...options, sort: { revision: -1 } })
        .lean(),
    );
    if (!change) return null;
    const { _id: id, ...rest } = change;
    return (await this.causes.explained([toldChange({ id, ...rest })]))[0]!;
  }

  private async factsOf(change: Change): Promise<ExplanationFact[]> {
    const { cause, kind, record, time, why } = change;
    const reference = kind === 'account' ? { kind: 'account' as const, id: record } : null;
    const event: ExplanationFact = { kind: 'event', text: why, at: time, reference };
    if (cause.kind === 'people-plan') return [event, ...(await this.peoplePlanFacts(cause.plan))];
    const isRead = cause.kind === 'run' || cause.kind === 'sweep';
    // What a person's own change says beyond its cause stands with the account that it follows from.
    return [event, ...(isRead && kind === 'account' ? await this.runFacts(cause.run, record) : [])];
  }

  private async runFacts(id: string, account: string): Promise<ExplanationFact[]> {
    const run = await this.databases.model(runs).findOne({ _id: id }, null, options).lean();
    if (!run) return [];
    const line = await this.databases.model(planLines).findOne({ run: id, account }, null, options).lean();
    const plan =
      run.approves === null
        ? null
        : await this.databases.model(heldPlans).findOne({ _id: run.approves }, null, options).lean();
    return [
      ...evidenceFact(run),
      ...(line ? [vendorFact(line, run)] : []),
      ...mappingFact(run, run.pinned?.mappingVersion),
      ...ruleFact(run),
      ...(plan ? approvalFact(plan, await this.names([plan.decidedBy])) : []),
    ];
  }

  private async peoplePlanFacts(id: string): Promise<ExplanationFact[]> {
    const plan = await this.databases.model(peoplePlans).findOne({ _id: id }, null, options).lean();
    return plan ? peoplePlanFacts(plan, await this.names([...plan.changedBy, plan.decidedBy])) : [];
  }

  private async intentFacts(ids: readonly string[]): Promise<ExplanationFact[]> {
    const mine = await bounded(() =>
      this.databases
        .model(intents)
        .find({ 'target.account': trusted({ $in: [...ids] }) }, null, {
          ...options,
          sort: { createdAt: 1 },
          limit: mostIntents,
        })
        .lean(),
    );
    const causedBy = [...new Set(mine.map(({ workflowRun }) => workflowRun))];
    const started = await this.databases
      .model(workflowRuns)
      .find({ _id: trusted({ $in: causedBy }) }, { workflowName: 1 }, options)
      .lean();
    const names = new Map(started.map(({ _id, workflowName }) => [_id, workflowName]));
    return mine.map((intent) => intentFact(intent, names.get(intent.workflowRun) ?? 'a workflow that is deleted'));
  }

  private async names(actors: readonly (string | null)[]): Promise<NameOf> {
    const known = await this.causes.namesOf(actors.filter((actor) => actor !== null));
    return (actor) => known.get(actor) ?? actor;
  }
}

function summaryOf({ active }: Pick<PersonRecord, 'active'>, last: Change | null): string {
  if (last === null)
    return active ? 'This person is active and was never deactivated.' : 'This person was never active here.';
  return active
    ? `This person is active again. They were deactivated before: ${last.why}`
    : `This person is not active. ${last.why}`;
}
