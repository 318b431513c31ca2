import { Injectable } from '@nestjs/common';
import { Databases, inTransaction, type RetirementDocument } from '@rollcall/collections';
import { type Cause, type InputOf, type ResultOf, type retireIntegration } from '@rollcall/contracts';
import { type CommandContext, Leases } from '@rollcall/messaging';
import { Background, EveryInterval } from '@rollcall/service';
import { v7 as uuidv7 } from 'uuid';

import { ChangesRepository } from '../changes/changes.repository.js';
import { SamplesService } from '../mappings/samples.service.js';
import { CommandChanges } from '../people/command-changes.js';
import { RetirementsRepository } from './retirements.repository.js';

const accountsPerTransaction = 100;
const leaseMs = 30_000;
const everyMs = 5_000;
/** Longer than raw-records are kept and event ids remembered: until then a replay may ask for an account (C7, D7). */
export const replayWindowMs = 8 * 24 * 60 * 60 * 1000;

/** Retires the accounts of integrations that were taken away with their data, and removes them later (D7). */
@Injectable()
export class RetirementsService {
  constructor(
    private readonly databases: Databases,
    private readonly repository: RetirementsRepository,
    private readonly changes: CommandChanges,
    private readonly records: ChangesRepository,
    private readonly samples: SamplesService,
    private readonly leases: Leases,
    private readonly background: Background,
  ) {}

  async retire(
    { integration, data }: InputOf<typeof retireIntegration>,
    context: CommandContext,
  ): Promise<ResultOf<typeof retireIntegration>> {
    await this.samples.forget(integration, context.session);
    if (data === 'keep') return { accounts: 0 };
    const accounts = await this.repository.countOpen(integration, context.session);
    const at = this.databases.time();
    await this.repository.put(context.session, { _id: integration, by: context.actor, at, isDone: false });
    context.afterCommit(() => this.background.wake(RetirementsService));
    return { accounts };
  }

  @EveryInterval('retirements', everyMs)
  async step(): Promise<boolean> {
    const now = this.databases.time();
    const open = await this.repository.next(new Date(now.getTime() - replayWindowMs));
    if (open === null || !(await this.leases.take('retirements', leaseMs))) return false;
    if (open.isDone) await this.remove(open);
    else await this.retireSome(open);
    return true;
  }

  private async retireSome(retirement: RetirementDocument): Promise<void> {
    const { _id: integration, by } = retirement;
    const accounts = await this.repository.openAccounts(integration, accountsPerTransaction);
    if (accounts.length === 0) return this.repository.done(integration);
    const cause: Cause = { kind: 'retirement', integration, actor: by };
    const id = `retire-${integration}-${uuidv7()}`;
    await inTransaction(this.databases, (session) =>
      this.changes.apply(session, { id, cause }, { accounts, people: [] }, (fold, origin) => {
        for (const account of accounts) fold.retire(account, { by, at: origin.time }, origin);
      }),
    );
  }

  /** Their changes stay, and with them the history (C7). */
  private async remove({ _id: integration }: RetirementDocument): Promise<void> {
    await this.records.removeRetired(integration);
    await this.repository.forget(integration);
  }
}
