import { Injectable } from '@nestjs/common';
import {
  type AccountDocument,
  type ClientSession,
  Databases,
  heldPlans,
  integrations,
  intents,
  peoplePlanLines,
  peoplePlans,
  type PersonDocument,
  planLines,
  readings,
  seen,
  trusted,
  workflowRuns,
} from '@rollcall/collections';
import type { PeoplePlanState } from '@rollcall/contracts';

import { personInOpenWork, personStillActive, personStillListed } from './erasures.errors.js';
import { chunksOf } from './seen-chunks.js';

interface Concerned {
  readonly person: PersonDocument;
  readonly people: readonly string[];
  readonly accounts: readonly AccountDocument[];
  /** Accounts of nobody that may be theirs. */
  readonly waiting: readonly AccountDocument[];
}

const openPeoplePlans: readonly PeoplePlanState[] = ['collecting', 'held', 'executing', 'undoing'];

/** Why a person may not be erased now: their values would come back, or something still works with them. */
@Injectable()
export class ErasureChecks {
  constructor(private readonly databases: Databases) {}

  /** @throws AppError person-still-active, person-still-listed, person-in-open-work */
  async require(concerned: Concerned, session: ClientSession): Promise<void> {
    const { person, accounts } = concerned;
    const names = await this.integrationNames(accounts);
    const nameOf = ({ integration }: AccountDocument) => names.get(integration) ?? integration;
    const active = accounts.filter((account) => account.active);
    if (person.active || active.length > 0) throw personStillActive(person._id, unique(active.map(nameOf)));
    const listed = await this.listed(accounts, session);
    if (listed.length > 0) throw personStillListed(person._id, unique(listed.map(nameOf)));
    const open = [
      ...(await this.openRuns(accounts)),
      ...(await this.openPlans(concerned, session)),
      ...(await this.openWorkflows(concerned)),
      ...concerned.waiting.map(
        ({ _id }) => `account ${_id} waits for a decision whether it belongs to this person (decide it under matching)`,
      ),
    ];
    if (open.length > 0) throw personInOpenWork(person._id, open);
  }

  /** Accounts in the newest listing of their integration that the vendor did not mark inactive. */
  private async listed(accounts: readonly AccountDocument[], session: ClientSession): Promise<AccountDocument[]> {
    const listed: AccountDocument[] = [];
    for (const account of accounts) {
      if (account.sourceStatus === 'inactive' || account.retired) continue;
      const { integration, vendorId } = account;
      const reading = await this.databases.model(readings).findOne({ _id: integration }, null, { session }).lean();
      if (reading === null) continue;
      const filter = { _id: trusted(chunksOf(integration, reading.generation)), ids: vendorId };
      const chunk = await this.databases.model(seen).findOne(filter, { _id: 1 }, { session }).lean();
      if (chunk !== null) listed.push(account);
    }
    return listed;
  }

  private async integrationNames(accounts: readonly AccountDocument[]): Promise<ReadonlyMap<string, string>> {
    const ids = unique(accounts.map(({ integration }) => integration));
    const found = await this.databases
      .model(integrations)
      .find({ _id: trusted({ $in: ids }) }, { name: 1 })
      .lean();
    return new Map(found.map(({ _id, name }) => [_id, `"${name}"`]));
  }

  private async openRuns(accounts: readonly AccountDocument[]): Promise<string[]> {
    const ids = unique(accounts.map(({ integration }) => integration));
    const running = await this.databases
      .model(integrations)
      .find({ _id: trusted({ $in: ids }), openRun: trusted({ $type: 'string' }) }, { name: 1, openRun: 1 })
      .lean();
    return running.map(({ name, openRun }) => `run ${String(openRun)} of integration "${name}"`);
  }

  private async openPlans({ people, accounts }: Concerned, session: ClientSession): Promise<string[]> {
    const held = await this.databases.model(heldPlans).find({ state: 'open' }, { run: 1, integrationName: 1 }).lean();
    const ids = accounts.map(({ _id }) => _id);
    const lines = await this.databases
      .model(planLines)
      .find(
        { run: trusted({ $in: held.map(({ run }) => run) }), account: trusted({ $in: ids }) },
        { run: 1 },
        { session },
      )
      .lean();
    const runs = new Set(lines.map(({ run }) => run));
    const plans = await this.databases
      .model(peoplePlans)
      .find({ state: trusted({ $in: [...openPeoplePlans] }) }, { _id: 1 }, { session })
      .lean();
    const peopleLines = await this.databases
      .model(peoplePlanLines)
      .find(
        { plan: trusted({ $in: plans.map(({ _id }) => _id) }), person: trusted({ $in: [...people] }) },
        { plan: 1 },
        { session },
      )
      .lean();
    return [
      ...held
        .filter(({ run }) => runs.has(run))
        .map(({ _id, integrationName }) => `held plan ${_id} of integration "${integrationName}"`),
      ...unique(peopleLines.map(({ plan }) => plan)).map((plan) => `people plan ${plan}`),
    ];
  }

  private async openWorkflows({ people, accounts }: Concerned): Promise<string[]> {
    const ids = accounts.map(({ _id }) => _id);
    const runs = await this.databases
      .model(workflowRuns)
      .find(
        { subject: trusted({ $in: [...people, ...ids] }), state: trusted({ $in: ['running', 'waiting'] }) },
        { workflowName: 1 },
      )
      .lean();
    const planned = await this.databases
      .model(intents)
      .find(
        { 'target.account': trusted({ $in: ids }), state: trusted({ $in: ['planned', 'attempting'] }) },
        { preset: 1 },
      )
      .lean();
    return [
      ...runs.map(({ _id, workflowName }) => `run ${_id} of workflow "${workflowName}"`),
      ...planned.map(({ preset }) => `a call "${preset}" to the vendor that a workflow is about to make`),
    ];
  }
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
