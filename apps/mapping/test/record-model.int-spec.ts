import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type AccountDocument,
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
  holdAccount,
  holdPerson,
  overridePerson,
  protectAccount,
  protectPerson,
  registerIntegration,
  rejectPeoplePlan,
  undoPeoplePlan,
} from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver, waitFor } from '@rollcall/testing';
import fc from 'fast-check';

import { isDormant } from '../src/accounts/apply-user.js';
import { MappingFixture } from './mapping-fixture.js';
import { type Edit, type Listed, type Step, stepsUpTo } from './record-histories.js';
import { ledgerFaults } from './record-ledger.js';
import { type Links, type ListedUser, RecordModel } from './record-model.js';

jest.setTimeout(1_800_000);

/** Histories tried, and steps of each at most; more of both with the variables. */
const histories = Number(process.env['MODEL_RUNS'] ?? 10);
const longest = Number(process.env['MODEL_STEPS'] ?? 14);
const seed = Number(process.env['MODEL_SEED'] ?? Date.now() % 1_000_000);

describe(`records after random histories, seed ${seed}`, () => {
  let fixture: MappingFixture;
  let gateway: CommandSender;
  let runner: CommandSender;
  let world = 0;
  let keys = 0;

  beforeAll(async () => {
    process.stderr.write(`model seed ${seed} (MODEL_SEED=${seed} repeats it)\n`);
    fixture = await MappingFixture.create();
    await fixture.startMapping();
    gateway = await fixture.sender('gateway');
    runner = await fixture.sender('sync-runner');
  });

  afterAll(async () => {
    await fixture.remove();
  });

  async function send(sender: CommandSender, command: CommandDefinition, aggregate: string, input: object) {
    const idempotencyKey = `key-${(keys += 1)}`;
    const options = { aggregate, actor: 'operator', correlationId: 'test', idempotencyKey, input };
    expect((await sender.send(command, options)).outcome).toMatchObject({ status: 'done' });
  }

  it('are what the model says, step by step, with every revision said once (I1 to I5)', async () => {
    await fc.assert(
      fc.asyncProperty(stepsUpTo(longest), async (history) => {
        const play = await History.begin(fixture, (world += 1), (sender, ...rest) =>
          send(sender === 'gateway' ? gateway : runner, ...rest),
        );
        for (const step of history) await play.take(step);
      }),
      { numRuns: histories, seed, endOnFailure: true, verbose: false },
    );
    await waitFor('the outbox to be empty', async () => (await ledgerFaults(fixture)).length === 0, 20_000);
  });
});

type Send = (
  sender: 'gateway' | 'sync-runner',
  command: CommandDefinition,
  aggregate: string,
  input: object,
) => Promise<void>;

/** One history on two integrations of its own, played to mapping and to the model alike. */
class History {
  private readonly model = new RecordModel();
  private runs = 0;
  private versions = 1;
  private readonly known = new Map<string, PeoplePlanLineDocument['state']>();
  /** Runs that can be undone, the newest last. */
  private readonly done: { driver: RawRecordsDriver; run: string }[] = [];
  private readonly seenPeople = new Set<string>();

  private constructor(
    private readonly fixture: MappingFixture,
    private readonly name: string,
    private readonly drivers: readonly RawRecordsDriver[],
    private readonly send: Send,
  ) {}

  static async begin(fixture: MappingFixture, world: number, send: Send): Promise<History> {
    const name = `w${world}`;
    const drivers: RawRecordsDriver[] = [];
    for (const [index, priority] of [1, 5].entries()) {
      drivers.push(await fixture.integration(`${name}-${index}`, { partition: (2 * world + index) % 24, priority }));
    }
    const history = new History(fixture, name, drivers, send);
    for (const [index, priority] of [1, 5].entries()) {
      history.model.integrations.set(`${name}-${index}`, { priority, authoritative: false });
    }
    return history;
  }

  async take(step: Step): Promise<void> {
    const { links } = await this.stored();
    switch (step.kind) {
      case 'read':
        await this.read(step);
        break;
      case 'undo':
        await this.undo(step.back);
        break;
      case 'approve':
      case 'reject':
        await this.decide(step.kind);
        break;
      case 'undo-plan':
        await this.undoPlan();
        break;
      case 'priority': {
        const { priority, authoritative } = step;
        const integration = `${this.name}-${step.source}`;
        this.versions += 1;
        const input = {
          integration,
          version: this.versions,
          connector: 'lastpass',
          name: integration,
          priority,
          authoritative,
          mappingOf: null,
          by: null,
        };
        await this.send('sync-runner', registerIntegration, integration, input);
        this.model.integrations.set(integration, { priority, authoritative });
        this.model.settle(false, links);
        break;
      }
      default:
        await this.edit(step, links);
        this.model.settle(true, links);
    }
    await this.compare();
  }

  private async read({ source: index, users, sweeps }: Extract<Step, { kind: 'read' }>): Promise<void> {
    const driver = this.drivers[index]!;
    const run = `${driver.integration}-run-${(this.runs += 1)}`;
    const listing = users.flatMap((user, place) => this.listedAs(driver.integration, user, place));
    const before = (await this.stored()).accounts;
    const generation = await driver.read(
      run,
      listing.map((user) => rawOf(user)),
    );
    const report = await driver.report(run, 'mapped');
    const { links } = await this.stored();
    const dormant = new Set(before.filter(isDormant).map(({ _id }) => _id));
    const expected = this.model.read(run, driver.integration, listing, links, dormant);
    await this.noteOthers(before, run);
    this.done.push({ driver, run });
    expect(report).toMatchObject({
      result: 'complete',
      counts: { read: listing.length, created: expected.created, reactivated: expected.reactivated },
      staged: expected.staged.length,
    });
    expect(report.protectedLines).toHaveLength(expected.protectedLines);
    this.model.settle(false, links);
    if (!sweeps) return;
    await driver.sweep(run, generation);
    const swept = await driver.report(run, 'swept');
    expect(swept.deactivated).toBe(this.model.sweep(run, expected.staged, links));
    this.model.settle(true, links);
  }

  /** Any of the last runs, whatever came after it. */
  private async undo(back: number): Promise<void> {
    const [undone] = this.done.splice(Math.max(0, this.done.length - 1 - back), 1);
    if (undone === undefined) return;
    const { driver, run } = undone;
    const { links, people, accounts } = await this.stored();
    const makers = new Map(people.map(({ _id, created: { cause } }) => [_id, cause.kind === 'run' ? cause.run : '']));
    await driver.undo(run);
    const report = await driver.report(run, 'undone');
    expect(report).toMatchObject(this.model.undo(run, links, makers));
    const after = await this.stored();
    for (const { _id, person, error, retired } of after.accounts) {
      const before = accounts.find((account) => account._id === _id)!;
      if (before.active && before.person !== null && before.person !== person) this.model.noteLoss(before.person);
      if (retired !== undefined) continue;
      if (before.person !== person) this.model.noteUndone(_id, run, 'person');
      if (JSON.stringify(before.error) !== JSON.stringify(error)) this.model.noteUndone(_id, run, 'error');
    }
    this.model.settle(true, after.links);
  }

  /** Links and errors are given, and with them who changed them. */
  private async noteOthers(before: readonly AccountDocument[], run: string): Promise<void> {
    const known = new Map(before.map((account) => [account._id, account]));
    for (const { _id, person, error } of (await this.stored()).accounts) {
      const old = known.get(_id);
      if (old === undefined || old.retired !== undefined) continue;
      if (old.person !== person) this.model.note(_id, run, 'person', old.person);
      if (JSON.stringify(old.error) !== JSON.stringify(error)) this.model.note(_id, run, 'error', old.error);
    }
  }

  private async decide(decision: 'approve' | 'reject'): Promise<void> {
    for (const { _id: plan, hash } of await this.plans('held')) {
      if (decision === 'approve')
        await this.send('gateway', approvePeoplePlan, plan, { plan, hash, note: null, holders: [] });
      else await this.send('gateway', rejectPeoplePlan, plan, { plan, note: null });
    }
  }

  private async undoPlan(): Promise<void> {
    const plan = (await this.plans('executed')).at(-1)?._id;
    if (plan !== undefined) await this.send('gateway', undoPeoplePlan, plan, { plan });
  }

  /** Plans with people of this history. */
  private async plans(...states: PeoplePlanDocument['state'][]): Promise<PeoplePlanDocument[]> {
    const { databases } = this.fixture.environment;
    const own = new Set((await this.lines()).map(({ plan }) => plan));
    const found = await databases
      .collection(peoplePlans)
      .find({ state: { $in: states } })
      .sort({ createdAt: 1 })
      .toArray();
    return found.filter(({ _id }) => own.has(_id));
  }

  private async lines(): Promise<PeoplePlanLineDocument[]> {
    const { people } = await this.stored();
    const own = { person: { $in: people.map(({ _id }) => _id) } };
    return this.fixture.environment.databases.collection(peoplePlanLines).find(own).toArray();
  }

  /** What plans did since the last look is taken as given: the guard's rules have tests of their own. */
  private async takePlansOver(): Promise<void> {
    for (const { _id, person, state } of await this.lines()) {
      if (this.known.get(_id) === state) continue;
      this.known.set(_id, state);
      if (state === 'executed') this.model.carryOut(person);
      if (state === 'undone') this.model.takeBack(person);
    }
  }

  /** Everybody was folded by the settings of now, who is due was taken up, and no plan is on its way. */
  private async planFaults(): Promise<string[]> {
    const { people } = await this.stored();
    const { concerns } = (await this.fixture.environment.databases.collection(settings).findOne({ _id: 'fold' }))!;
    const free = people.filter(
      ({ due, settingsVersion }) => (due !== undefined && due.plan === undefined) || settingsVersion < concerns,
    );
    const moving = await this.plans('collecting', 'executing', 'undoing');
    return [...free, ...moving].map(({ _id }) => `${_id} is on its way`);
  }

  private async edit(step: Edit, links: Links): Promise<void> {
    const account = `${this.name}-${step.source}:${this.idOf(step.user)}`;
    const person = links.get(account) ?? null;
    if (!links.has(account) || this.model.accounts.get(account)!.isGone) return;
    if (step.kind === 'hold-account') {
      const { hold, active } = step;
      await this.send('gateway', holdAccount, account, { account, hold, active: hold ? active : null, reason: 'test' });
      this.model.holdAccount(account, hold, hold ? active : null);
    } else if (step.kind === 'protect-account') {
      await this.send('gateway', protectAccount, account, { account, protected: step.on });
      this.model.protectAccount(account, step.on);
    } else if (person !== null) await this.editPerson(step, person);
  }

  private async editPerson(step: Edit, person: string): Promise<void> {
    switch (step.kind) {
      case 'hold-person':
        await this.send('gateway', holdPerson, person, {
          person,
          hold: step.hold,
          active: step.active,
          reason: 'test',
        });
        this.model.holdPerson(person, step.hold, step.active);
        break;
      case 'protect-person':
        await this.send('gateway', protectPerson, person, { person, protected: step.on });
        this.model.protectPerson(person, step.on);
        break;
      case 'override': {
        const set = step.name === null ? {} : { display_name: step.name };
        await this.send('gateway', overridePerson, person, {
          person,
          set,
          clear: step.name === null ? ['display_name'] : [],
        });
        this.model.override(person, 'display_name', step.name);
        break;
      }
      default:
    }
  }

  /** Refolds walk behind the settings, so the comparison waits for them. */
  private async compare(): Promise<void> {
    let differences: string[] = [];
    const isEqual = async () => {
      differences = await this.planFaults();
      if (differences.length > 0) return false;
      await this.takePlansOver();
      differences = await this.differences();
      return differences.length === 0;
    };
    await waitFor('records as the model has them', isEqual, 20_000).catch(() => expect(differences).toEqual([]));
  }

  private async differences(): Promise<string[]> {
    const { accounts, people, links } = await this.stored();
    const faults = accounts.length === this.model.accounts.size ? [] : [`there are ${accounts.length} accounts`];
    faults.push(...accounts.flatMap((account) => this.accountFault(account)));
    const lost = people.filter(({ _id }) => ![...links.values()].includes(_id));
    faults.push(...lost.flatMap((person) => lostFault(person)));
    const others = people.filter((person) => !lost.includes(person));
    return [...faults, ...others.flatMap((person) => this.personFault(person, links))];
  }

  private accountFault({ _id, active, sourceStatus, values }: AccountDocument): string[] {
    const { email, display_name } = values;
    const expected = this.model.accounts.get(_id);
    const wanted = [expected?.active, expected?.status, expected?.values];
    return faultOf(_id, [active, sourceStatus, { email, display_name }], wanted);
  }

  private personFault({ _id, active, values, refused }: PersonDocument, links: Links): string[] {
    const expected = this.model.valuesOf(_id, links);
    for (const { field } of refused) delete expected[field!];
    const wanted = [this.model.isActive(_id), expected['email'] ?? null, expected['display_name']];
    return faultOf(`person ${_id}`, [active, values['email'] ?? null, values['display_name']], wanted);
  }

  private async stored(): Promise<{ accounts: AccountDocument[]; people: PersonDocument[]; links: Links }> {
    const accounts = (await this.fixture.accounts()).filter(({ integration }) =>
      integration.startsWith(`${this.name}-`),
    );
    const links = new Map(accounts.map(({ _id, person }) => [_id, person]));
    for (const person of links.values()) if (person !== null) this.seenPeople.add(person);
    const people = (await this.fixture.people()).filter(({ _id }) => this.seenPeople.has(_id));
    return { accounts, people, links };
  }

  private idOf(place: number): string {
    return `${this.name}-u${place}`;
  }

  /** Whoever is inactive keeps e-mail and name: others under the same id would be another human (V24). */
  private listedAs(integration: string, user: Listed, place: number): ListedUser[] {
    if (!user.present) return [];
    const id = this.idOf(place);
    const known = this.model.accounts.get(`${integration}:${id}`);
    const mail = `${id}-${user.mailbox}@example.com`;
    const [email, username] = known?.active === false ? [known.values.email, known.username] : [mail, mail];
    const { status, administrator, isSpoiled } = user;
    return [{ id, status, email, username, name: `Name ${user.name}`, administrator, isSpoiled }];
  }
}

/** Only an undo leaves somebody without accounts; they were never there. */
function lostFault({ _id, active, keys, undone }: PersonDocument): string[] {
  return faultOf(`person ${_id}`, [active, keys, undone !== undefined], [false, undefined, true]);
}

function faultOf(record: string, is: unknown, wanted: unknown): string[] {
  const [a, b] = [JSON.stringify(is), JSON.stringify(wanted)];
  return a === b ? [] : [`${record} is ${a} and should be ${b}`];
}

function rawOf({ id, status, email, username, name, administrator, isSpoiled }: ListedUser) {
  return buildUser(id, { status, administrator, username, raw: { email: isSpoiled ? '\u00a0' : email, name } });
}
