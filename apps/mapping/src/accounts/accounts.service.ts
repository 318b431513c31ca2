import { Injectable } from '@nestjs/common';
import { type AccountDocument, accounts, Databases } from '@rollcall/collections';
import {
  type holdAccount,
  type InputOf,
  type observeAccount,
  type protectAccount,
  type ResultOf,
} from '@rollcall/contracts';
import { type CommandContext } from '@rollcall/messaging';

import { CommandChanges } from '../people/command-changes.js';
import { accountNotFound } from '../people/people.errors.js';
import { isDormant, isFromTheFuture } from './apply-user.js';

/** What people and workflow blocks say of single accounts. Every such write clears the hash (B9). */
@Injectable()
export class AccountsService {
  constructor(
    private readonly changes: CommandChanges,
    private readonly databases: Databases,
  ) {}

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

  async protect(
    input: InputOf<typeof protectAccount>,
    context: CommandContext,
  ): Promise<ResultOf<typeof protectAccount>> {
    await this.edit(input.account, context, (before) => ({ ...before, protected: input.protected }));
    const { _id, revision } = await this.accountOf(input.account, context);
    return { account: _id, protected: input.protected, revision };
  }

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
    if (!account || account.retired || account.erasedAt !== undefined) throw accountNotFound(id);
    return account;
  }
}
