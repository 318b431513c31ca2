import { randomUUID } from 'node:crypto';

import {
  type PeoplePlanDocument,
  type PeoplePlanLineDocument,
  peoplePlanLines,
  peoplePlans,
  type PersonDocument,
  settings,
} from '@rollcall/collections';
import {
  approvePeoplePlan,
  type CommandDefinition,
  type InputOf,
  type KeyHolder,
  type PeopleEffect,
  type Pinned,
  type PreviewedChange,
  previewPeopleEffect,
  registerIntegration,
  rejectPeoplePlan,
  type RunReportOf,
  undoPeoplePlan,
} from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';

/** Mapping with people in two integrations, and the words of those who change settings and decide. */
export class PeoplePlansWorld {
  private readonly drivers = new Map<string, RawRecordsDriver>();
  private runs = 0;
  private versions = 1;

  private constructor(
    readonly fixture: MappingFixture,
    readonly gateway: CommandSender,
    readonly runner: CommandSender,
  ) {}

  static async create(): Promise<PeoplePlansWorld> {
    const fixture = await MappingFixture.create();
    await fixture.startMapping();
    return new PeoplePlansWorld(fixture, await fixture.sender('gateway'), await fixture.sender('sync-runner'));
  }

  remove(): Promise<void> {
    return this.fixture.remove();
  }

  /** A run of an integration, made for its first; `-` before a name: inactive at its vendor. */
  async read(
    integration: string,
    names: readonly string[],
    pinned: Partial<Pinned> = {},
    authoritative = false,
  ): Promise<string> {
    const known = this.drivers.get(integration);
    const partition = this.drivers.size + 1;
    const driver = known ?? (await this.fixture.integration(integration, { partition, authoritative }));
    this.drivers.set(integration, driver);
    const run = `${integration}-${(this.runs += 1)}`;
    await driver.read(run, names.map(userOf), pinned);
    await driver.report(run, 'mapped');
    return run;
  }

  /** Undoes a run; returns what came of it. */
  async undoRun(integration: string, run: string): Promise<RunReportOf<'undone'>> {
    const driver = this.drivers.get(integration)!;
    await driver.undo(run);
    return driver.report(run, 'undone');
  }

  async mark(integration: string, authoritative: boolean, by = 'ada'): Promise<void> {
    this.versions += 1;
    const input = {
      integration,
      version: this.versions,
      connector: 'lastpass',
      name: integration,
      priority: 10,
      authoritative,
      mappingOf: null,
      content: 'user-and-saas-user' as const,
      chosenApp: null,
      by,
    };
    await this.send(registerIntegration, integration, input, 'sync-runner', this.runner);
  }

  approve(plan: PeoplePlanDocument, actor: string, hash = plan.hash!, holders: KeyHolder[] = []) {
    return this.outcome(approvePeoplePlan, plan._id, { plan: plan._id, hash, note: null, holders }, actor);
  }

  reject(plan: PeoplePlanDocument, actor: string) {
    return this.outcome(rejectPeoplePlan, plan._id, { plan: plan._id, note: 'they work here' }, actor);
  }

  undo(plan: PeoplePlanDocument, actor = 'bo') {
    return this.outcome(undoPeoplePlan, plan._id, { plan: plan._id }, actor);
  }

  async preview(change: PreviewedChange): Promise<PeopleEffect> {
    const outcome = await this.outcome(previewPeopleEffect, 'preview', change, 'ada');
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome.result as PeopleEffect;
  }

  async send<Command extends CommandDefinition>(
    command: Command,
    aggregate: string,
    input: InputOf<Command>,
    actor = 'ada',
    sender = this.gateway,
  ): Promise<void> {
    const outcome = await this.outcome(command, aggregate, input, actor, sender);
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  }

  async outcome<Command extends CommandDefinition>(
    command: Command,
    aggregate: string,
    input: InputOf<Command>,
    actor: string,
    sender = this.gateway,
  ) {
    const options = { aggregate, actor, correlationId: 'test', idempotencyKey: randomUUID(), input };
    return (await sender.send(command, options as never)).outcome;
  }

  /** The newest plan once it is in that state. */
  async plan(state: PeoplePlanDocument['state'], after = 0): Promise<PeoplePlanDocument> {
    return waitFor(
      `people plan ${after + 1} to be ${state}`,
      async () => {
        const plans = await this.plans();
        const newest = plans.at(-1);
        return plans.length > after && newest?.state === state && newest;
      },
      20_000,
    );
  }

  plans(): Promise<PeoplePlanDocument[]> {
    return this.collection(peoplePlans).find().sort({ createdAt: 1 }).toArray();
  }

  lines(plan: PeoplePlanDocument): Promise<PeoplePlanLineDocument[]> {
    return this.collection(peoplePlanLines).find({ plan: plan._id }).sort({ number: 1 }).toArray();
  }

  async person(name: string): Promise<PersonDocument> {
    return (await this.fixture.people()).find(({ values }) => values['email'] === `${name}@example.com`)!;
  }

  async inactive(): Promise<string[]> {
    const people = (await this.fixture.people()).filter(({ active, mergedInto }) => !active && mergedInto === null);
    return people.map(({ values }) => String(values['display_name'])).sort();
  }

  /** Everybody was folded by the settings of now. */
  async refolded(): Promise<void> {
    await waitFor('the refold', async () => {
      const { concerns } = (await this.collection(settings).findOne({ _id: 'fold' }))!;
      const people = (await this.fixture.people()).filter(({ mergedInto }) => mergedInto === null);
      return people.every(({ settingsVersion }) => settingsVersion >= concerns);
    });
  }

  collection: MappingFixture['environment']['databases']['collection'] = (definition) =>
    this.fixture.environment.databases.collection(definition);
}

export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

export function leavers(prefix: string, count: number): string[] {
  return names(prefix, count).map((name) => `-${name}`);
}

function userOf(name: string) {
  const id = name.replace(/^-/, '');
  const email = `${id}@example.com`;
  const status = name.startsWith('-') ? ('inactive' as const) : ('active' as const);
  return buildUser(id, { status, username: email, raw: { email, name: id } });
}
