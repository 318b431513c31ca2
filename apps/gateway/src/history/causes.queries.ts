import { Injectable } from '@nestjs/common';
import {
  apiKeys,
  Databases,
  integrations,
  peoplePlans,
  queryTimeMs,
  runs,
  trusted,
  workflowRuns,
} from '@rollcall/collections';
import type { Cause, Change } from '@rollcall/contracts';

import { actorOf, idOfActor } from '../api-keys/key-holders.js';
import { type CauseNames, causeText, stepKey } from './cause-text.js';
import type { ChangeWithoutWhy } from './told-change.js';

const options = { maxTimeMS: queryTimeMs };

type Field = 'integration' | 'run' | 'plan' | 'workflowRun' | 'actor';

/** Says why records changed in words; the names that a page of changes needs are read together. */
@Injectable()
export class CausesQueries {
  constructor(private readonly databases: Databases) {}

  async explained(changes: readonly ChangeWithoutWhy[]): Promise<Change[]> {
    const names = await this.namesFor(changes.map(({ cause }) => cause));
    return changes.map((change) => ({ ...change, why: causeText(change, names) }));
  }

  private async namesFor(causes: readonly Cause[]): Promise<CauseNames> {
    const idsOf = (field: Field) => [
      ...new Set(
        causes.map((cause) => (cause as Partial<Record<Field, string>>)[field]).filter((id) => id !== undefined),
      ),
    ];
    const [names, times, plans, steps, actors] = await Promise.all([
      this.integrationNames(idsOf('integration')),
      this.runTimes(idsOf('run')),
      this.planChanges(idsOf('plan')),
      this.stepNames(idsOf('workflowRun')),
      this.actorNames(idsOf('actor')),
    ]);
    return { integrations: names, runs: times, plans, steps, actors };
  }

  private async integrationNames(ids: string[]): Promise<CauseNames['integrations']> {
    if (ids.length === 0) return new Map();
    const found = await this.databases
      .model(integrations)
      .find({ _id: trusted({ $in: ids }) }, null, options)
      .select({ name: 1 })
      .lean();
    return new Map(found.map(({ _id, name }) => [_id, name]));
  }

  private async runTimes(ids: string[]): Promise<CauseNames['runs']> {
    if (ids.length === 0) return new Map();
    const found = await this.databases
      .model(runs)
      .find({ _id: trusted({ $in: ids }) }, null, options)
      .select({ integrationName: 1, plannedAt: 1, startedAt: 1 })
      .lean();
    return new Map(
      found.map(({ _id, integrationName, plannedAt, startedAt }) => [
        _id,
        { integrationName, at: startedAt ?? plannedAt },
      ]),
    );
  }

  private async planChanges(ids: string[]): Promise<CauseNames['plans']> {
    if (ids.length === 0) return new Map();
    const found = await this.databases
      .model(peoplePlans)
      .find({ _id: trusted({ $in: ids }) }, null, options)
      .select({ change: 1 })
      .lean();
    return new Map(found.map(({ _id, change }) => [_id, change]));
  }

  private async stepNames(ids: string[]): Promise<CauseNames['steps']> {
    if (ids.length === 0) return new Map();
    const found = await this.databases
      .model(workflowRuns)
      .find({ _id: trusted({ $in: ids }) }, null, options)
      .select({ workflowName: 1, 'steps.id': 1, 'steps.preset': 1 })
      .lean();
    return new Map(
      found.flatMap(({ _id, workflowName, steps }) =>
        steps.map(({ id, preset }) => [stepKey(_id, id), { workflow: workflowName, preset }] as const),
      ),
    );
  }

  private async actorNames(actors: string[]): Promise<CauseNames['actors']> {
    if (actors.length === 0) return new Map();
    const found = await this.databases
      .model(apiKeys)
      .find({ _id: trusted({ $in: actors.map(idOfActor) }) }, null, options)
      .select({ name: 1, owner: 1 })
      .lean();
    return new Map(
      found.map(({ _id, name, owner }) => {
        const isPerson = owner !== undefined && !owner.startsWith('api-key:');
        return [actorOf(_id), isPerson ? owner : `Somebody with the key "${name}"`];
      }),
    );
  }
}
