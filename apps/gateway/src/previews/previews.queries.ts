import { Injectable } from '@nestjs/common';
import {
  bounded,
  Databases,
  findRecord,
  type MappingDocument,
  mappings,
  plans,
  type PreviewLineDocument,
  previewLines,
  queryTimeMs,
  type RecordOf,
  type RunDocument,
  runs,
  type Searchable,
  searchPage,
  trusted,
} from '@rollcall/collections';
import {
  isEnded,
  type Preview,
  previewActions,
  previewLifeMs,
  type PreviewLine,
  type PreviewLinesQuery,
  type RunRecord,
} from '@rollcall/contracts';

import { found, notFound } from '../gateway.errors.js';
import { toldLine } from './told-line.js';

const byId: Searchable = { fields: {}, sortable: { id: '_id' }, defaultSort: 'id' };

/** Fields shown by group, and steps of each. */
const mostFields = 100;
const mostSteps = 10;

type Counted = { _id: { kind: PreviewLineDocument['kind']; action: PreviewLine['action'] }; count: number };
type Steps = { _id: string; count: number; steps: { from: unknown; to: unknown; count: number }[] };

/** Reads the lines of previews, which mapping publishes. They count once their plan stands. */
/** Steps of an aggregation. */
type Stages = NonNullable<Parameters<ReturnType<Databases['model']>['aggregate']>[0]>;

@Injectable()
export class PreviewsQueries {
  constructor(private readonly databases: Databases) {}

  async get(id: string): Promise<Preview> {
    const run = await this.preview(id);
    const plan = await this.planOf(id);
    const counted =
      plan === null
        ? []
        : await this.aggregate<Counted>([{ $match: { plan } }, group({ kind: '$kind', action: '$action' })]);
    const countsOf = (kind: PreviewLineDocument['kind']) => {
      const of = (action: string) => counted.find(({ _id }) => _id.kind === kind && _id.action === action)?.count ?? 0;
      return Object.fromEntries(previewActions.map((action) => [action, of(action)])) as Preview['people'];
    };
    const undecided = { plan, kind: 'account' as const, 'after.error': trusted({ $ne: null }) };
    return {
      run,
      accounts: countsOf('account'),
      people: countsOf('person'),
      needsDecision: plan === null ? 0 : await bounded(() => this.collection.countDocuments(undecided, limited)),
      ...applicability(run, this.databases.timeMs()),
    };
  }

  async lines(id: string, { kind, action, field, needsDecision, ...query }: PreviewLinesQuery) {
    const run = await this.preview(id);
    const plan = await this.planOf(id);
    const { items, page } = await searchPage(this.collection, byId, query, [
      { plan: { $eq: plan } },
      ...(kind === undefined ? [] : [{ kind: { $eq: kind } }]),
      ...(action === undefined ? [] : [{ action: { $eq: action } }]),
      ...(field === undefined ? [] : [{ $expr: { $in: [field, changedNames] } }]),
      ...(needsDecision === undefined ? [] : [{ 'after.error': needsDecision === 'true' ? { $ne: null } : null }]),
    ]);
    const mapping = await this.mappingOf(run);
    return { items: items.map((line) => toldLine(line, mapping)), page };
  }

  async groups(id: string): Promise<{ items: { field: string; count: number; steps: Steps['steps'] }[] }> {
    await this.preview(id);
    const plan = await this.planOf(id);
    const steps = await this.aggregate<Steps>([
      { $match: { plan, kind: 'person', action: { $ne: 'create' } } },
      { $project: { changed: { $objectToArray: '$changed' }, values: { $objectToArray: '$after.values' } } },
      { $unwind: '$changed' },
      { $match: { 'changed.k': /^values\./ } },
      { $set: { field: '$changed.k', from: oldValue, to: newValue } },
      group({ field: '$field', from: '$from', to: '$to' }),
      { $sort: { count: -1, _id: 1 } },
      {
        $group: {
          _id: '$_id.field',
          count: { $sum: '$count' },
          steps: { $push: { from: '$_id.from', to: '$_id.to', count: '$count' } },
        },
      },
      { $sort: { count: -1, _id: 1 } },
      { $limit: mostFields },
      { $set: { steps: { $slice: ['$steps', mostSteps] } } },
    ]);
    return { items: steps.map(({ _id, ...rest }) => ({ field: _id, ...rest })) };
  }

  private async preview(id: string): Promise<RecordOf<RunDocument>> {
    const run = found(await findRecord(this.databases.model(runs), id), `run ${id}`);
    if (run.scope !== 'preview') throw notFound(`preview ${id}`);
    return run;
  }

  /** Null while mapping has not seen the end of the listing. */
  private async planOf(id: string): Promise<string | null> {
    const plan = await this.databases.model(plans).findOne({ _id: id }, { generation: 1 }).lean();
    return plan === null ? null : `${id}/${plan.generation}`;
  }

  private async mappingOf({ integration, pinned }: RecordOf<RunDocument>): Promise<MappingDocument | null> {
    if (pinned === null) return null;
    const id = `${integration}/${pinned.mappingVersion}`;
    return this.databases.model(mappings).findOne({ _id: id }).lean();
  }

  private async aggregate<Result extends object>(stages: Stages): Promise<Result[]> {
    return bounded(() => this.collection.aggregate<Result>(stages, limited));
  }

  private get collection() {
    return this.databases.model(previewLines);
  }
}

const limited = { maxTimeMS: queryTimeMs };

const group = (by: object) => ({ $group: { _id: by, count: { $sum: 1 } } });

const changedNames = { $map: { input: { $objectToArray: '$changed' }, in: '$$this.k' } };

/**
 * The value behind `changed.k`; its name holds dots, so it is found in the list of values and not by path. One that was
 * taken away is not in the list, and `$push` would leave a field out that has no value: null says so instead.
 */
const newValue = {
  $ifNull: [
    {
      $first: {
        $map: {
          input: {
            $filter: {
              input: '$values',
              as: 'value',
              cond: { $eq: [{ $concat: ['values.', '$$value.k'] }, '$changed.k'] },
            },
          },
          in: '$$this.v',
        },
      },
    },
    null,
  ],
};
const oldValue = { $ifNull: ['$changed.v', null] };

function applicability({ state, endedAt }: RunRecord, nowMs: number): Pick<Preview, 'expiresAt' | 'notApplicable'> {
  if (!isEnded(state))
    return { expiresAt: null, notApplicable: 'The preview is still being made. Wait for the end of its run.' };
  if (!state.startsWith('completed') || endedAt === null) {
    return {
      expiresAt: null,
      notApplicable: `The preview is ${state}, so it does not say what a run would do. Make another one.`,
    };
  }
  const expires = Date.parse(endedAt) + previewLifeMs;
  const notApplicable = expires < nowMs ? 'The preview is older than 24 hours. Make another one.' : null;
  return { expiresAt: new Date(expires).toISOString(), notApplicable };
}
