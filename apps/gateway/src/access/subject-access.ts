import { Injectable } from '@nestjs/common';
import { accounts, Databases, heldPlans, queryTimeMs, runs } from '@rollcall/collections';
import type { Limit } from '@rollcall/contracts';

import { notFound } from '../gateway.errors.js';
import type { Subject } from './policy.js';

const options = { maxTimeMS: queryTimeMs };

const words: Readonly<Record<Exclude<Subject, 'list'>, string>> = {
  integration: 'integration',
  run: 'run',
  'held-plan': 'held plan',
  account: 'account',
  app: 'SaaS app',
};

/** Whether what an operation is about is within the limit of somebody's rights. */
@Injectable()
export class SubjectAccess {
  constructor(private readonly databases: Databases) {}

  /** @throws GatewayError not-found, the same whether there is no such thing or it is outside (P28) */
  async mustBeWithin(limit: Limit, subject: Subject, id: string): Promise<void> {
    if (subject === 'list' || (await this.isWithin(limit, subject, id))) return;
    throw notFound(`${words[subject]} ${id}`);
  }

  private async isWithin(limit: Limit, subject: Exclude<Subject, 'list'>, id: string): Promise<boolean> {
    if (subject === 'app') return limit.apps.includes(id);
    if (subject === 'account') return this.isAccountWithin(limit, id);
    const integration = subject === 'integration' ? id : await this.integrationOf(subject, id);
    return integration !== undefined && limit.integrations.includes(integration);
  }

  private async integrationOf(subject: 'run' | 'held-plan', id: string): Promise<string | undefined> {
    const projection = { integration: 1 } as const;
    const found =
      subject === 'run'
        ? await this.databases.model(runs).findOne({ _id: id }, projection, options).lean()
        : await this.databases.model(heldPlans).findOne({ _id: id }, projection, options).lean();
    return found?.integration;
  }

  private async isAccountWithin(limit: Limit, id: string): Promise<boolean> {
    const account = await this.databases
      .model(accounts)
      .findOne({ _id: id }, { integration: 1, app: 1 }, options)
      .lean();
    if (!account) return false;
    const { integration, app } = account;
    return limit.integrations.includes(integration) || (typeof app === 'string' && limit.apps.includes(app));
  }
}
