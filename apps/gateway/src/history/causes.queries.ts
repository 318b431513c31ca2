import { Injectable } from '@nestjs/common';
import {
  type ApiKeyDocument,
  apiKeys,
  type CollectionDefinition,
  Databases,
  integrations,
  operators,
  peoplePlans,
  queryTimeMs,
  runs,
  trusted,
  workflowRuns,
} from '@rollcall/collections';
import type { Cause, Change } from '@rollcall/contracts';

import { actorOf, idOfActor } from '../api-keys/key-holders.js';
import { actorOfOperator, operatorOfActor } from '../operators/operator-actor.js';
import { type CauseNames, causeText, stepKey } from './cause-text.js';
import type { ChangeWithoutWhy } from './told-change.js';

type Field = 'integration' | 'run' | 'plan' | 'workflowRun' | 'actor';

/** Says why records changed in words; the names that a page of changes needs are read together. */
@Injectable()
export class CausesQueries {
  constructor(private readonly databases: Databases) {}

  async explained(changes: readonly ChangeWithoutWhy[]): Promise<Change[]> {
    const names = await this.namesFor(changes.map(({ cause }) => cause));
    return changes.map((change) => ({ ...change, why: causeText(change, names) }));
  }

  /** Names of those who did something, for texts of their own. */
  async namesOf(actors: readonly string[]): Promise<CauseNames['actors']> {
    return this.actorNames([...new Set(actors)]);
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
    const found = await this.read(integrations, ids, ['name']);
    return new Map(found.map(({ _id, name }) => [_id, name]));
  }

  private async runTimes(ids: string[]): Promise<CauseNames['runs']> {
    const found = await this.read(runs, ids, ['integrationName', 'plannedAt', 'startedAt']);
    const timeOf = ({ startedAt, plannedAt }: (typeof found)[number]) => startedAt ?? plannedAt;
    return new Map(found.map((run) => [run._id, { integrationName: run.integrationName, at: timeOf(run) }]));
  }

  private async planChanges(ids: string[]): Promise<CauseNames['plans']> {
    const found = await this.read(peoplePlans, ids, ['change']);
    return new Map(found.map(({ _id, change }) => [_id, change]));
  }

  private async stepNames(ids: string[]): Promise<CauseNames['steps']> {
    const found = await this.read(workflowRuns, ids, ['workflowName', 'steps']);
    return new Map(
      found.flatMap(({ _id, workflowName, steps }) =>
        steps.map(({ id, preset }) => [stepKey(_id, id), { workflow: workflowName, preset }] as const),
      ),
    );
  }

  private async actorNames(actors: string[]): Promise<CauseNames['actors']> {
    const ids = actors.map(operatorOfActor).filter((id) => id !== null);
    const [keys, people] = await Promise.all([
      this.read(apiKeys, actors.map(idOfActor), ['name', 'owner']),
      this.read(operators, ids, ['name']),
    ]);
    const signedIn = people.map(({ _id, name }) => [actorOfOperator(_id), name] as const);
    return new Map([...signedIn, ...(await this.keyNames(keys))]);
  }

  /** An operator's key counts as the operator. */
  private async keyNames(keys: readonly Pick<ApiKeyDocument, '_id' | 'name' | 'owner'>[]) {
    const owners = keys.map(({ owner = '' }) => operatorOfActor(owner)).filter((id) => id !== null);
    const people = new Map(
      (await this.read(operators, owners, ['name'])).map(({ _id, name }) => [actorOfOperator(_id), name]),
    );
    return keys.map(({ _id, name, owner }) => {
      const isPerson = owner !== undefined && !owner.startsWith('api-key:');
      const known = people.get(owner ?? '') ?? (isPerson ? owner : `Somebody with the key "${name}"`);
      return [actorOf(_id), known] as const;
    });
  }

  private async read<Doc extends { _id: string }, Property extends keyof Doc & string>(
    definition: CollectionDefinition<Doc>,
    ids: readonly string[],
    properties: readonly Property[],
  ): Promise<Pick<Doc, '_id' | Property>[]> {
    if (ids.length === 0) return [];
    const found = this.databases.model(definition).find({ _id: trusted({ $in: [...ids] }) } as object, properties);
    return (await found.maxTimeMS(queryTimeMs).lean()) as unknown as Pick<Doc, '_id' | Property>[];
  }
}
