import { Injectable } from '@nestjs/common';
import {
  bounded,
  changes,
  Databases,
  findRecord,
  planLines,
  plans,
  queryTimeMs,
  type RecordOf,
  type RunDocument,
  runs,
  type Searchable,
  searchPage,
  trusted,
  undoLines,
} from '@rollcall/collections';
import { isEnded, type Limit, type ListQuery, type RunListQuery, runStates } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';
import { CausesQueries } from '../history/causes.queries.js';
import { toldChange } from '../history/told-change.js';
import { ofIntegrations } from '../rights/conditions.js';
import { waitingText } from './waiting-text.js';

const searchable: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    integration: { path: 'integration', type: 'exact' },
    integrationName: { path: 'integrationName', type: 'text' },
    kind: { path: 'kind', type: 'exact' },
    state: { path: 'state', type: 'exact' },
    reason: { path: 'reason.code', type: 'exact' },
    plannedAt: { path: 'plannedAt', type: 'iso-time' },
    startedAt: { path: 'startedAt', type: 'iso-time' },
    endedAt: { path: 'endedAt', type: 'iso-time' },
  },
  sortable: { id: '_id', plannedAt: 'plannedAt', startedAt: 'startedAt', endedAt: 'endedAt' },
  defaultSort: '-plannedAt',
};

const options = { maxTimeMS: queryTimeMs };
const openStates = runStates.filter((state) => !isEnded(state));
const byId: Searchable = { fields: {}, sortable: { id: '_id' }, defaultSort: 'id' };

@Injectable()
export class RunsQueries {
  constructor(
    private readonly databases: Databases,
    private readonly causes: CausesQueries,
  ) {}

  async list({ integration, state, ...query }: RunListQuery, within: Limit | null) {
    const conditions = [
      ...ofIntegrations(within),
      ...(integration === undefined ? [] : [{ integration: { $eq: integration } }]),
      ...(state === undefined ? [] : [{ state: { $eq: state } }]),
    ];
    return searchPage(this.databases.model(runs), searchable, query, conditions);
  }

  async get(id: string) {
    const run = found(await findRecord(this.databases.model(runs), id), `run ${id}`);
    return { ...run, waitsFor: await this.waitsFor(run) };
  }

  /** In the order in which sync-runner takes runs up: those that people started, and the longest waiting of each kind. */
  private async waitsFor({ id, state, lease, kind, plannedAt }: RecordOf<RunDocument>): Promise<string | null> {
    if (state !== 'planned' || lease !== null) return null;
    const all = this.databases.model(runs);
    const earlier = [{ kind: trusted({ $lt: kind }) }, { kind, plannedAt: trusted({ $lt: plannedAt }) }];
    const held = { state: trusted({ $in: openStates }), 'lease.until': trusted({ $gt: this.databases.time() }) };
    const [ahead, atWork] = await bounded(() =>
      Promise.all([
        all.countDocuments({ state: 'planned', lease: null, _id: trusted({ $ne: id }), $or: earlier }, options),
        all.countDocuments({ ...held, parkedUntil: null }, options),
      ]),
    );
    return waitingText(ahead, atWork);
  }

  async changes(id: string, query: ListQuery) {
    await this.get(id);
    const { items, page } = await searchPage(this.databases.model(changes), byId, query, [
      { 'cause.run': { $eq: id } },
    ]);
    return { items: await this.causes.explained(items.map(toldChange)), page };
  }

  async undoConflicts(id: string, query: ListQuery) {
    await this.get(id);
    return searchPage(this.databases.model(undoLines), byId, query, [{ run: { $eq: id } }]);
  }

  /** Ids of lines end in their number, so their order is that of the plan. */
  async plan(id: string, query: ListQuery) {
    await this.get(id);
    // Lines are written ahead of their plan and count only as far as it says.
    const staged = (await this.databases.model(plans).findOne({ _id: id }).lean())?.lines ?? 0;
    return searchPage(this.databases.model(planLines), byId, query, [
      { run: { $eq: id } },
      { number: { $lt: staged } },
    ]);
  }
}
