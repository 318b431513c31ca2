import type { AccountDocument, PersonDocument, ReadingDocument } from '@rollcall/collections';
import { builtInFields, type MappingDefinition, type RawUser } from '@rollcall/contracts';
import { buildPinned } from '@rollcall/testing';

import type { ErasedUsersRepository } from '../src/accounts/erased-users.repository.js';
import type { ChangeSet } from '../src/changes/change-set.js';
import { compileMapping } from '../src/mappings/compile-mapping.js';
import type { FoldSettingsRepository } from '../src/people/fold-settings.repository.js';
import { uniqueSettings } from '../src/people/keys.js';
import type { PeopleReadsRepository } from '../src/people/people-reads.repository.js';
import { lineKindOf } from '../src/plans/stage-lines.js';
import type { PreviewsService } from '../src/previews/previews.service.js';
import { mapSlice } from '../src/slices/mapped-slice.js';
import { type PlannedRecords, RecordSlicePlanner } from '../src/slices/record-slice.planner.js';
import { inProcess } from './in-process-expressions.js';

/** Accounts and people in memory, with the planner of slices working on them as it does on the database. */
export class MemoryRecords {
  readonly accounts = new Map<string, AccountDocument>();
  readonly people = new Map<string, PersonDocument>();
  private clock = Date.parse('2026-02-01T00:00:00.000Z');
  private runs = 0;
  private readonly planner: RecordSlicePlanner;

  constructor(
    private readonly definition: MappingDefinition,
    integrations: readonly string[],
    private readonly fields = builtInFields,
  ) {
    const reads: Pick<
      PeopleReadsRepository,
      | 'hashesOf'
      | 'accountsById'
      | 'accountsOfPeople'
      | 'accountsWaitingFor'
      | 'accountsWithOtherKeys'
      | 'peopleById'
      | 'peopleByKey'
    > = {
      hashesOf: (ids) => Promise.resolve(new Map(this.some(this.accounts, ids).map((one) => [one._id, one]))),
      accountsById: (ids) => Promise.resolve(this.some(this.accounts, ids)),
      accountsOfPeople: (people) => Promise.resolve(this.accountsWhere(({ person }) => people.includes(person ?? ''))),
      accountsWaitingFor: (people) =>
        Promise.resolve(
          this.accountsWhere(
            ({ person, error }) => person === null && error?.candidates?.some((id) => people.includes(id)) === true,
          ),
        ),
      accountsWithOtherKeys: (keys) =>
        Promise.resolve(
          this.accountsWhere(
            ({ active, otherKeys }) => active && otherKeys?.some((key) => keys.includes(key)) === true,
          ),
        ),
      peopleById: (ids) => Promise.resolve(this.some(this.people, ids)),
      peopleByKey: (keys) =>
        Promise.resolve([...this.people.values()].filter((one) => one.keys?.some((key) => keys.includes(key)))),
    };
    const settings = {
      _id: 'fold' as const,
      version: 1,
      concerns: 1,
      ...uniqueSettings(fields),
      integrations: Object.fromEntries(
        integrations.map((id, index) => [id, { priority: index, authoritative: false, name: id, connector: 'test' }]),
      ),
    };
    this.planner = new RecordSlicePlanner(
      reads as PeopleReadsRepository,
      { get: () => Promise.resolve(settings) } as unknown as FoldSettingsRepository,
      { appliedTo: () => Promise.resolve(null) } as unknown as PreviewsService,
      { among: () => Promise.resolve(new Map()) } as unknown as ErasedUsersRepository,
    );
  }

  /** A complete reading, slice by slice; what it plans is written. Returns the reading and the plans. */
  async read(
    integration: string,
    slices: readonly (readonly RawUser[])[],
    pinned: Parameters<typeof buildPinned>[0] = {},
  ): Promise<{ reading: ReadingDocument; plans: PlannedRecords[] }> {
    const run = `run-${(this.runs += 1)}`;
    this.clock += 3_600_000;
    const reading: ReadingDocument = {
      _id: integration,
      partition: 0,
      generation: this.runs,
      run,
      pinned: buildPinned({ startedAt: new Date(this.clock).toISOString(), ...pinned }),
      activeAtStart: 1,
      state: 'open',
      tainted: null,
      mapped: null,
      swept: null,
    };
    const mapping = compileMapping(1, this.definition, this.fields, inProcess);
    const plans: PlannedRecords[] = [];
    for (const [index, users] of slices.entries()) {
      await mapping.evaluate(users);
      const at = { offset: 1000 * this.runs + index, digest: '' };
      const messages = [{ offset: at.offset, askedAt: this.clock + 1000, users, source: undefined as never }];
      const slice = {
        kind: 'records',
        integration,
        generation: this.runs,
        run,
        messages,
        first: at,
        last: at,
      } as const;
      const mapped = mapSlice({ partition: 0, epoch: 0 }, slice, reading, mapping, this.mappedAt());
      const plan = await this.planner.plan(mapped, new Set());
      this.apply(plan.set);
      plans.push(plan);
    }
    return { reading, plans };
  }

  /** When the next reading asks for its pages. */
  nextReadingAt(): number {
    return this.clock + 3_600_000 + 1000;
  }

  /** When a reading is mapped: a minute after its pages were asked for. */
  private mappedAt(): Date {
    return new Date(this.clock + 60_000);
  }

  /** Ids of the accounts that END would stage, of users who were all seen. */
  stagedBy(reading: ReadingDocument, seen: ReadonlySet<string>): string[] {
    return this.accountsWhere(({ integration }) => integration === reading._id)
      .filter((account) => lineKindOf(account, reading, seen.has(account.vendorId), this.mappedAt().getTime()) !== null)
      .map(({ _id }) => _id);
  }

  change(id: string, change: Partial<AccountDocument>): void {
    this.accounts.set(id, { ...this.accounts.get(id)!, ...change });
  }

  private apply(set: ChangeSet): void {
    for (const account of set.insertedAccounts) this.accounts.set(account._id, account);
    for (const { after } of set.replacedAccounts) this.accounts.set(after._id, after);
    for (const person of set.insertedPeople) this.people.set(person._id, person);
    for (const { after } of set.replacedPeople) this.people.set(after._id, after);
  }

  private some<Document>(from: ReadonlyMap<string, Document>, ids: readonly string[]): Document[] {
    return [...new Set(ids)].flatMap((id) => from.get(id) ?? []);
  }

  private accountsWhere(isMeant: (account: AccountDocument) => boolean): AccountDocument[] {
    return [...this.accounts.values()].filter(isMeant);
  }
}
