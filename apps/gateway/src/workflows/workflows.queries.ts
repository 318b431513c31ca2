import { Injectable } from '@nestjs/common';
import {
  Databases,
  findRecord,
  type IntentDocument,
  intents,
  type RecordOf,
  type Searchable,
  searchPage,
  workflowRuns,
  workflows,
} from '@rollcall/collections';
import type { IntentListQuery, SearchableListQuery, WorkflowRunListQuery } from '@rollcall/contracts';

import { found } from '../gateway.errors.js';

const searchableWorkflows: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    name: { path: 'name', type: 'text' },
    state: { path: 'state', type: 'exact' },
    trigger: { path: 'definition.begin.trigger', type: 'exact' },
    app: { path: 'definition.begin.app', type: 'exact' },
    createdAt: { path: 'createdAt', type: 'iso-time' },
  },
  sortable: { id: '_id', name: 'name', createdAt: 'createdAt', updatedAt: 'updatedAt' },
  defaultSort: 'name',
};

const searchableRuns: Searchable = {
  fields: {
    id: { path: '_id', type: 'exact' },
    workflow: { path: 'workflow', type: 'exact' },
    workflowName: { path: 'workflowName', type: 'text' },
    state: { path: 'state', type: 'exact' },
    trigger: { path: 'trigger', type: 'exact' },
    subject: { path: 'subject', type: 'exact' },
    startedAt: { path: 'startedAt', type: 'iso-time' },
    endedAt: { path: 'endedAt', type: 'iso-time' },
  },
  sortable: { id: '_id', startedAt: 'startedAt' },
  defaultSort: '-startedAt',
};

const newestIntents: Searchable = { fields: {}, sortable: { createdAt: 'createdAt' }, defaultSort: '-createdAt' };

@Injectable()
export class WorkflowsQueries {
  constructor(private readonly databases: Databases) {}

  async list(query: SearchableListQuery) {
    return searchPage(this.databases.model(workflows), searchableWorkflows, query);
  }

  async get(id: string) {
    return found(await findRecord(this.databases.model(workflows), id), `workflow ${id}`);
  }

  async runs({ workflow, state, ...query }: WorkflowRunListQuery) {
    return searchPage(this.databases.model(workflowRuns), searchableRuns, query, [
      ...(workflow === undefined ? [] : [{ workflow: { $eq: workflow } }]),
      ...(state === undefined ? [] : [{ state: { $eq: state } }]),
    ]);
  }

  async run(id: string) {
    return found(await findRecord(this.databases.model(workflowRuns), id), `workflow run ${id}`);
  }

  async intents({ state, ...query }: IntentListQuery) {
    const conditions = state === undefined ? [] : [{ state: { $eq: state } }];
    const { items, page } = await searchPage(this.databases.model(intents), newestIntents, query, conditions);
    return { items: items.map(intentOf), page };
  }
}

function intentOf(intent: RecordOf<IntentDocument>) {
  return {
    ...intent,
    attempts: intent.attempts.map((attempt) => ({ ...attempt, startedAt: attempt.startedAt.toISOString() })),
    createdAt: intent.createdAt.toISOString(),
  };
}
