import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type ChangeDocument,
  changes,
  type PeoplePlanDocument,
  type PeoplePlanLineDocument,
  peoplePlanLines,
  peoplePlans,
  type RunDocument,
  runs,
  samples,
} from '@rollcall/collections';
import { buildRun, buildUser, type RawRecordsDriver, type RunningService } from '@rollcall/testing';

import type { MappingConfig } from '../src/config.js';
import { HistoryRetention } from '../src/retention/history-retention.js';
import { PeopleRetention } from '../src/retention/people-retention.js';
import { RecordRetention } from '../src/retention/record-retention.js';
import { MappingFixture } from './mapping-fixture.js';

jest.setTimeout(90_000);

const old = '2026-01-01T00:00:00.000Z';
const before = new Date('2026-02-01T00:00:00.000Z');
const yearMs = 365 * 24 * 60 * 60_000;

describe('what mapping deletes by age', () => {
  let fixture: MappingFixture;
  let mapping: RunningService;
  let acme: RawRecordsDriver;

  beforeAll(async () => {
    fixture = await MappingFixture.create();
    await fixture.environment.databases.ensure('workflow');
    acme = await fixture.integration('acme');
    mapping = await fixture.startMapping();
  });
  afterAll(async () => fixture?.remove());

  const databases = () => fixture.environment.databases;
  const retention = () =>
    new RecordRetention(
      databases(),
      {} as MappingConfig,
      mapping.app.get(HistoryRetention),
      mapping.app.get(PeopleRetention),
    );
  const ruleOf = (kind: string) => retention().rules.find((rule) => rule.kind === kind)!;

  it('are changes, from the oldest on, as long as no stored run made them, and the newest of each record stays', async () => {
    const change = (record: string, revision: number, cause: ChangeDocument['cause'], time = old) =>
      ({ _id: `x/${record}/${revision}`, kind: 'account', record, revision, cause, time }) as ChangeDocument;
    const ofRun = (run: string) => ({ kind: 'run' as const, run, integration: 'acme', initial: false });
    await databases()
      .collection(runs)
      .insertOne(buildRun({ _id: 'kept', integration: 'acme' }) as RunDocument);
    await databases()
      .collection(changes)
      .insertMany([
        ...[1, 2, 3, 4, 5].map((revision) => change('x:a', revision, ofRun('gone'))),
        change('x:b', 1, ofRun('gone')),
        change('x:b', 2, ofRun('kept')),
        change('x:b', 3, ofRun('gone')),
        change('x:c', 1, ofRun('gone')),
        change('x:c', 2, ofRun('gone'), new Date().toISOString()),
      ]);
    const { deleteBefore } = ruleOf('history');
    let steps = 0;
    while ((await deleteBefore(before, 2)) > 0) steps += 1;
    expect(steps).toBeGreaterThan(1);
    const left = await databases().collection(changes).find({ record: /^x:/ }).sort({ _id: 1 }).toArray();
    expect(left.map(({ _id }) => _id)).toEqual(['x/x:a/5', 'x/x:b/2', 'x/x:b/3', 'x/x:c/2']);
  });

  it('are samples, and people plans that are settled, with their lines', async () => {
    await databases()
      .collection(samples)
      .insertMany([
        { _id: 'old', generation: 1, at: new Date(old), users: [] },
        { _id: 'new', generation: 1, at: new Date(), users: [] },
      ]);
    const plan = (_id: string, state: PeoplePlanDocument['state']) =>
      ({ _id, state, createdAt: old, group: _id }) as PeoplePlanDocument;
    await databases()
      .collection(peoplePlans)
      .insertMany([plan('held', 'held'), plan('done', 'executed')]);
    const line = (of: string) => ({ _id: `${of}/0`, plan: of, number: 0 }) as PeoplePlanLineDocument;
    await databases()
      .collection(peoplePlanLines)
      .insertMany([line('held'), line('done')]);
    expect(await ruleOf('samples of vendor records').deleteBefore(before, 10)).toBe(1);
    expect(await ruleOf('people plans').deleteBefore(before, 10)).toBe(1);
    expect(await databases().collection(samples).distinct('_id')).toEqual(['new']);
    expect(await databases().collection(peoplePlanLines).distinct('plan')).toEqual(['held']);
    await databases().collection(peoplePlans).deleteMany({});
  });

  it('are people who have been inactive for long, by an erasure; active ones and recent leavers stay', async () => {
    await acme.read('run-1', [buildUser('left', { status: 'inactive' }), buildUser('here')]);
    await acme.report('run-1', 'mapped');
    const { deleteBefore } = ruleOf('inactive people');
    expect(await deleteBefore(before, 10)).toBe(0);
    const future = new Date(databases().timeMs() + yearMs);
    while ((await deleteBefore(future, 10)) > 0);
    const people = await fixture.people();
    expect(people.filter(({ erasedAt }) => erasedAt !== undefined)).toMatchObject([{ active: false, values: {} }]);
    expect(people.filter(({ erasedAt }) => erasedAt === undefined)).toMatchObject([
      { active: true, values: { email: 'here@example.com' } },
    ]);
  });
});
