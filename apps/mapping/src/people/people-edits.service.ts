import { Injectable } from '@nestjs/common';
import { accounts, Databases, people, type PersonDocument } from '@rollcall/collections';
import {
  type Cause,
  type holdPerson,
  type InputOf,
  type linkAccount,
  type mergePeople,
  type overridePerson,
  type protectPerson,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandContext } from '@rollcall/messaging';

import type { ChangeOrigin } from '../changes/change-set.js';
import { FieldsRepository } from '../fields/fields.repository.js';
import { CommandChanges } from './command-changes.js';
import type { FoldSession } from './fold-session.js';
import { LeaversKeys } from './leavers-keys.js';
import { checkOverrides } from './override-check.js';
import {
  accountNotFound,
  lastAccount,
  personErased,
  personMerged,
  personNotFound,
  samePerson,
  tooManyAccounts,
} from './people.errors.js';

/** One transaction moves at most so many accounts; nobody has as many. */
const mostAccounts = 500;

/** What operators decide about people: values, holds, merges, and whose account it is. */
@Injectable()
export class PeopleEditsService {
  constructor(
    private readonly changes: CommandChanges,
    private readonly fields: FieldsRepository,
    private readonly databases: Databases,
    private readonly leavers: LeaversKeys,
  ) {}

  async override(
    { person, set, clear }: InputOf<typeof overridePerson>,
    context: CommandContext,
  ): Promise<ResultOf<typeof overridePerson>> {
    const before = await this.personOf(person, context);
    const fields = await this.fields.all(context.session);
    const values = checkOverrides(fields, set, clear);
    await this.changes.refuseTakenKeys(context.session, person, values, fields);
    await this.edit(context, { people: [person] }, (fold, { time }) => {
      const overrides = { ...before.overrides };
      for (const field of clear) delete overrides[field];
      for (const [field, value] of Object.entries(values)) overrides[field] = { value, by: context.actor, at: time };
      fold.changePerson(person, { overrides });
    });
    return this.changed(person, context);
  }

  async hold(
    { person, hold, active, reason }: InputOf<typeof holdPerson>,
    context: CommandContext,
  ): Promise<ResultOf<typeof holdPerson>> {
    await this.personOf(person, context);
    await this.edit(context, { people: [person] }, (fold, { time }) => {
      const mark = hold ? { by: context.actor, at: time, reason } : null;
      fold.changePerson(person, { hold: mark, heldActive: hold ? active : null });
    });
    const after = await this.personOf(person, context);
    return { person, revision: after.revision, active: after.active };
  }

  async protect(
    { person, protected: isProtected }: InputOf<typeof protectPerson>,
    context: CommandContext,
  ): Promise<ResultOf<typeof protectPerson>> {
    stillThere(person, await this.find(person, context));
    await this.edit(context, { people: [person] }, (fold) => fold.changePerson(person, { protected: isProtected }));
    const { revision } = stillThere(person, await this.find(person, context));
    return { person, protected: isProtected, revision };
  }

  async merge(
    { keep, merged }: InputOf<typeof mergePeople>,
    context: CommandContext,
  ): Promise<ResultOf<typeof mergePeople>> {
    if (keep === merged) throw samePerson();
    const [kept, gone] = [await this.personOf(keep, context), await this.personOf(merged, context)];
    const moved = await this.accountsOf(merged, context);
    if (moved.length > mostAccounts) throw tooManyAccounts(moved.length, mostAccounts);
    await this.edit(context, { people: [keep, merged] }, (fold, origin) => {
      fold.changePerson(merged, { mergedInto: keep });
      fold.changePerson(keep, { overrides: { ...gone.overrides, ...kept.overrides } });
      for (const id of moved) this.relink(fold, id, keep, origin);
    });
    return { ...(await this.changed(keep, context)), accounts: moved.length };
  }

  async link(
    { account: id, person: wanted }: InputOf<typeof linkAccount>,
    context: CommandContext,
  ): Promise<ResultOf<typeof linkAccount>> {
    const account = await this.databases
      .model(accounts)
      .findOne({ _id: id }, null, { session: context.session })
      .lean();
    if (!account || account.retired || account.erasedAt !== undefined) throw accountNotFound(id);
    if (wanted !== null) await this.personOf(wanted, context);
    const { person: before } = account;
    let person = wanted ?? '';
    if (before === null || before !== wanted) {
      await this.refuseEmptyPerson(before, context);
      const leavers = await this.leavers.holdingKeysOf(account, wanted, context.session);
      const concerned = [before, wanted, ...leavers.keys()].filter((one): one is string => one !== null);
      await this.edit(context, { accounts: [id], people: [...new Set(concerned)] }, (fold, origin) => {
        for (const [leaver, yields] of leavers) fold.changePerson(leaver, { yields });
        const { values, observedAt: at } = account;
        person = wanted ?? fold.createPerson({ values, account: id, at }, origin);
        this.relink(fold, id, person, origin);
      });
    }
    const after = await this.databases.model(accounts).findOne({ _id: id }, null, { session: context.session }).lean();
    return { account: id, person, revision: after!.revision };
  }

  /** Moves an account; the next run looks at it whatever it brings (B9). */
  private relink(fold: FoldSession, id: string, person: string, origin: ChangeOrigin): void {
    const { dormant, ...account } = fold.account(id)!;
    void dormant;
    fold.draft({ ...account, person, passive: false, error: null, hash: null }, origin);
  }

  /** Somebody without accounts would keep their last values, and with them keys that nobody can have (D2, D4). */
  private async refuseEmptyPerson(person: string | null, context: CommandContext): Promise<void> {
    if (person !== null && (await this.accountsOf(person, context)).length === 1) throw lastAccount(person);
  }

  private async edit(
    context: CommandContext,
    loads: { readonly accounts?: readonly string[]; readonly people: readonly string[] },
    change: (fold: FoldSession, origin: ChangeOrigin) => void,
  ): Promise<void> {
    const cause: Cause = { kind: 'command', command: context.id, actor: context.actor };
    await this.changes.apply(
      context.session,
      { id: context.id, cause },
      { accounts: loads.accounts ?? [], people: loads.people },
      (fold, origin) => {
        change(fold, origin);
        for (const person of loads.people) fold.touchPerson(person, origin);
      },
    );
  }

  private async accountsOf(person: string, { session }: CommandContext): Promise<string[]> {
    const found = await this.databases
      .model(accounts)
      .find({ person }, { _id: 1 }, { session, limit: mostAccounts + 1 })
      .lean();
    return found.map(({ _id }) => _id);
  }

  /** Somebody who was merged is no longer edited; the person they became is. */
  private async personOf(id: string, context: CommandContext): Promise<PersonDocument> {
    const person = await this.find(id, context);
    if (person !== null && person.mergedInto !== null) throw personMerged(id, person.mergedInto);
    return stillThere(id, person);
  }

  private async find(id: string, { session }: CommandContext): Promise<PersonDocument | null> {
    return this.databases.model(people).findOne({ _id: id }, null, { session }).lean();
  }

  private async changed(person: string, context: CommandContext): Promise<{ person: string; revision: number }> {
    return { person, revision: (await this.personOf(person, context)).revision };
  }
}

/** @throws AppError person-not-found, person-erased */
function stillThere(id: string, person: PersonDocument | null): PersonDocument {
  if (person === null) throw personNotFound(id);
  if (person.erasedAt !== undefined) throw personErased(id, person.erasedAt);
  return person;
}
