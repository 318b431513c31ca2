import { Injectable } from '@nestjs/common';
import { type AccountDocument, accounts, Databases, people } from '@rollcall/collections';
import {
  AppError,
  holdAccount,
  type InputOf,
  observeAccount,
  protectAccount,
  protectPerson,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandContext, HandleCommand } from '@rollcall/messaging';

import { isDormant, isFromTheFuture } from '../accounts/apply-user.js';
import { CommandChanges } from './command-changes.js';
import { personErased } from './edits.errors.js';

/** What people and workflow blocks say of single accounts and people. Every such write clears the hash (B9). */
@Injectable()
export class AccountsCommands {
  constructor(
    private readonly changes: CommandChanges,
    private readonly databases: Databases,
  ) {}

  @HandleCommand(observeAccount)
  async observe(
    input: InputOf<typeof observeAccount>,
    context: CommandContext,
  ): Promise<ResultOf<typeof observeAccount>> {
    const account = await this.accountOf(input.account, context);
    const active = input.finding === 'active';
    // Newer knowledge is not overwritten by older (B10); a hold keeps the account as it is; and whose an account is that was
    // matched to somebody who had left is asked by the next run, before it brings them back (ADR 0020).
    const isOlder = input.observedAt < account.observedAt && !isFromTheFuture(account, this.databases.timeMs());
    if (isOlder || account.hold !== null || (active && isDormant(account))) {
      return { applied: false, revision: account.revision };
    }
    const { workflowRun, step } = input.evidence;
    await this.changes.apply(
      context.session,
      { id: context.id, cause: { kind: 'observation', command: context.id, workflowRun, step } },
      { accounts: [account._id], people: [] },
      (fold, origin) => {
        const before = fold.account(account._id)!;
        const deactivated = before.active && !active ? { run: null, time: origin.time } : before.deactivated;
        fold.draft(
          {
            ...before,
            active,
            sourceStatus: active ? 'active' : 'inactive',
            deactivated: active ? null : deactivated,
            hash: null,
            observedAt: Math.min(input.observedAt, Date.parse(origin.time)),
            observedBy: 'command',
          },
          origin,
        );
      },
    );
    return { applied: true, revision: (await this.accountOf(account._id, context)).revision };
  }

  @HandleCommand(protectAccount)
  async protectAccount(
    input: InputOf<typeof protectAccount>,
    context: CommandContext,
  ): Promise<ResultOf<typeof protectAccount>> {
    await this.edit(input.account, context, (before) => ({ ...before, protected: input.protected }));
    const { _id, revision } = await this.accountOf(input.account, context);
    return { account: _id, protected: input.protected, revision };
  }

  @HandleCommand(holdAccount)
  async hold(input: InputOf<typeof holdAccount>, context: CommandContext): Promise<ResultOf<typeof holdAccount>> {
    await this.edit(input.account, context, (before, time) => {
      const active = input.active ?? before.active;
      const deactivated = before.active && !active ? { run: null, time } : before.deactivated;
      return {
        ...before,
        hold: input.hold ? { by: context.actor, at: time, reason: input.reason } : null,
        active,
        deactivated: active ? null : deactivated,
      };
    });
    const { _id, active, revision } = await this.accountOf(input.account, context);
    return { account: _id, active, revision };
  }

  @HandleCommand(protectPerson)
  async protectPerson(
    input: InputOf<typeof protectPerson>,
    context: CommandContext,
  ): Promise<ResultOf<typeof protectPerson>> {
    const find = () =>
      this.databases.model(people).findOne({ _id: input.person }, null, { session: context.session }).lean();
    const person = await find();
    if (!person) throw new AppError('person-not-found', `There is no person ${input.person}.`);
    if (person.erasedAt !== undefined) throw personErased(person._id, person.erasedAt);
    await this.changes.apply(
      context.session,
      { id: context.id, cause: { kind: 'command', command: context.id, actor: context.actor } },
      { accounts: [], people: [input.person] },
      (fold, origin) => {
        fold.changePerson(input.person, { protected: input.protected });
        fold.touchPerson(input.person, origin);
      },
    );
    return { person: input.person, protected: input.protected, revision: (await find())!.revision };
  }

  private async edit(
    id: string,
    context: CommandContext,
    change: (before: AccountDocument, time: string) => AccountDocument,
  ): Promise<void> {
    await this.accountOf(id, context);
    await this.changes.apply(
      context.session,
      { id: context.id, cause: { kind: 'command', command: context.id, actor: context.actor } },
      { accounts: [id], people: [] },
      (fold, origin) => {
        const after = change(fold.account(id)!, origin.time);
        fold.draft({ ...after, hash: null, observedAt: Date.parse(origin.time), observedBy: 'command' }, origin);
      },
    );
  }

  private async accountOf(id: string, { session }: CommandContext): Promise<AccountDocument> {
    const account = await this.databases.model(accounts).findOne({ _id: id }, null, { session }).lean();
    if (!account || account.retired || account.erasedAt !== undefined)
      throw new AppError('account-not-found', `There is no account ${id}.`);
    return account;
  }
}
