import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accounts, changes, people } from '@rollcall/collections';
import type { Cause } from '@rollcall/contracts';
import { buildUser, TestEnvironment } from '@rollcall/testing';

import { positionText } from '../src/changes/positions-in-text.js';
import { changeOf, publishedPerson, type RecordEvent } from '../src/changes/record-change.js';
import type { EventPublisher } from '../src/slices/event-publisher.js';
import type { PartitionState } from '../src/slices/partition-state.js';
import { Replayer } from '../src/slices/replayer.js';
import type { RecordsSlice } from '../src/slices/slice.js';
import { buildAccount, buildCreated, buildPerson } from './build-documents.js';

const slice = {
  kind: 'records',
  integration: 'acme',
  generation: 1,
  run: 'run-1',
  first: { offset: 7, digest: 'd' },
  last: { offset: 7, digest: 'd' },
  messages: [{ offset: 7, users: [buildUser('1')] }],
} as unknown as RecordsSlice;
const state = { partition: 0, epoch: 0, records: 'example' } as unknown as PartitionState;
const position = positionText(state, 7);
const cause: Cause = { kind: 'run', run: 'run-2', integration: 'globex', initial: false };

/** While Kafka is away, a publication stands still, and slices of other partitions go on. */
describe('a replay during which another slice moves a person on', () => {
  let environment: TestEnvironment;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
  }, 60_000);

  afterAll(async () => {
    await environment.remove();
  });

  it('says the creation all the same: consumers miss no revision (C3)', async () => {
    const { databases } = environment;
    const person = buildPerson({ created: buildCreated({ position, number: 1 }) });
    await databases.collection(accounts).insertOne(buildAccount({ created: buildCreated({ position }) }));
    await databases.collection(people).insertOne(person);
    const said: RecordEvent[] = [];
    let isMoved = false;
    const publish = async (events: readonly RecordEvent[]) => {
      if (!isMoved) await moveOn();
      isMoved = true;
      said.push(...events);
    };

    /** The first update of a person writes both revisions (C2). */
    async function moveOn(): Promise<void> {
      const after = { ...person, revision: 2, values: { email: 'ada@example.org' } };
      const [first, second] = [publishedPerson(person), publishedPerson(after)];
      const elsewhere = {
        position: positionText({ partition: 1, epoch: 0 }, 3),
        number: 0,
        time: '2026-01-02T00:00:00.000Z',
        cause,
      };
      await databases.collection(people).replaceOne({ _id: person._id }, after);
      await databases
        .collection(changes)
        .insertMany([changeOf('person', null, first, first.created), changeOf('person', first, second, elsewhere)]);
    }

    await new Replayer(databases, { publish } as unknown as EventPublisher).replay(state, slice);
    expect(isMoved).toBe(true);
    const ofPerson = said.filter(({ key }) => key === person._id);
    expect(new Set(ofPerson.map(({ data }) => data.revision))).toEqual(new Set([1]));
    expect(new Set(ofPerson.map((event) => JSON.stringify(event))).size).toBe(1);
    expect(said.some(({ key }) => key === 'acme:1')).toBe(true);
  });
});
