import { Injectable } from '@nestjs/common';
import {
  Databases,
  findRecord,
  guardSettings,
  type HeldPlanDocument,
  heldPlans,
  queryTimeMs,
  type RecordOf,
  type Searchable,
  searchPage,
} from '@rollcall/collections';
import type { GuardSettings, HeldPlanListQuery, Limit } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';
import { ofIntegrations } from '../rights/conditions.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    integration: { path: 'integration', type: 'exact' },
    integrationName: { path: 'integrationName', type: 'text' },
    state: { path: 'state', type: 'exact' },
    run: { path: 'run', type: 'exact' },
    decidedBy: { path: 'decidedBy', type: 'exact' },
  },
  sortable: { id: '_id', heldAt: 'heldAt' },
  defaultSort: '-heldAt',
};

@Injectable()
export class HeldPlansQueries {
  constructor(private readonly databases: Databases) {}

  async list({ integration, state, ...query }: HeldPlanListQuery, within: Limit | null) {
    const conditions = [
      ...ofIntegrations(within),
      ...(integration === undefined ? [] : [{ integration: { $eq: integration } }]),
      ...(state === undefined ? [] : [{ state: { $eq: state } }]),
    ];
    const { items, page } = await searchPage(this.databases.model(heldPlans), searchable, query, conditions);
    return { items: items.map(told), page };
  }

  async get(id: string) {
    return told(found(await findRecord(this.databases.model(heldPlans), id), `held plan ${id}`));
  }

  async settings(): Promise<GuardSettings> {
    const stored = await this.databases
      .model(guardSettings)
      .findOne({ _id: 'guard' }, null, { maxTimeMS: queryTimeMs })
      .lean();
    return stored ?? { version: 1, approvalByEditor: false };
  }
}

function told({ heldAt, expiresAt, ...plan }: RecordOf<HeldPlanDocument>) {
  return { ...plan, heldAt: heldAt.toISOString(), expiresAt: expiresAt.toISOString() };
}
