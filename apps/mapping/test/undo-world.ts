import { randomUUID } from 'node:crypto';

import { type AccountDocument, type PersonDocument, type UndoLineDocument, undoLines } from '@rollcall/collections';
import {
  type CommandDefinition,
  type InputOf,
  previewUndo,
  type RawUser,
  type RunReportOf,
  type UndoPreview,
} from '@rollcall/contracts';
import type { CommandSender } from '@rollcall/messaging';
import { buildUser, type RawRecordsDriver } from '@rollcall/testing';

import { MappingFixture } from './mapping-fixture.js';

export const user = (name: string, title: string, overrides: Partial<RawUser> = {}): RawUser =>
  buildUser(name, { raw: { email: `${name}@example.com`, name, title }, ...overrides });

/** Mapping, runs that are undone, and the words of people in between. */
export class UndoWorld {
  private partition = 0;

  private constructor(
    readonly fixture: MappingFixture,
    private readonly gateway: CommandSender,
    readonly runner: CommandSender,
  ) {}

  static async create(): Promise<UndoWorld> {
    const fixture = await MappingFixture.create();
    await fixture.startMapping();
    return new UndoWorld(fixture, await fixture.sender('gateway'), await fixture.sender('sync-runner'));
  }

  named(name: string): Promise<RawRecordsDriver> {
    return this.fixture.integration(name, { partition: (this.partition += 1) });
  }

  /** Returns the generation. */
  async read(driver: RawRecordsDriver, run: string, users: RawUser[]): Promise<number> {
    const g = await driver.read(run, users);
    await driver.report(run, 'mapped');
    return g;
  }

  async outcome<Command extends CommandDefinition>(
    command: Command,
    aggregate: string,
    input: InputOf<Command>,
    sender = this.gateway,
  ) {
    const options = { aggregate, actor: 'ada', correlationId: 'test', idempotencyKey: randomUUID(), input };
    return (await sender.send(command, options as never)).outcome;
  }

  async send<Command extends CommandDefinition>(
    command: Command,
    aggregate: string,
    input: InputOf<Command>,
    sender = this.gateway,
  ): Promise<unknown> {
    const outcome = await this.outcome(command, aggregate, input, sender);
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome.result;
  }

  async undo(driver: RawRecordsDriver, run: string): Promise<RunReportOf<'undone'>> {
    await driver.undo(run);
    return driver.report(run, 'undone');
  }

  async preview(driver: RawRecordsDriver, run: string): Promise<UndoPreview> {
    await driver.runs.set(run, { state: 'completed' });
    return (await this.send(previewUndo, run, { run })) as UndoPreview;
  }

  async accountOf(id: string): Promise<AccountDocument> {
    return (await this.fixture.accounts()).find(({ _id }) => _id === id)!;
  }

  async personById(id: string): Promise<PersonDocument> {
    return (await this.fixture.people()).find(({ _id }) => _id === id)!;
  }

  linesOf(run: string): Promise<UndoLineDocument[]> {
    return this.fixture.environment.databases.collection(undoLines).find({ run }).sort({ _id: 1 }).toArray();
  }

  async eventsOf(id: string): Promise<string[]> {
    return (await this.fixture.events('saas-users')).filter(({ subject }) => subject === id).map(({ type }) => type);
  }
}
