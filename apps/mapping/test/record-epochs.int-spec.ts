import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PositionDocument, positions, type RecordEpochDocument } from '@rollcall/collections';
import { TestEnvironment } from '@rollcall/testing';

import { RecordEpochsRepository } from '../src/epochs/record-epochs.repository.js';

const mark = { offset: 7, digest: 'd' };
const applied: PositionDocument = {
  _id: 3,
  epoch: 0,
  records: 'epoch-0',
  ...mark,
  line: null,
  from: { offset: 5, digest: 'c' },
  refused: null,
  at: new Date(0),
};
const epochOf = (number: number): RecordEpochDocument => ({
  _id: 'records',
  epoch: `epoch-${number}`,
  since: new Date(0),
  marks: { planned: 0, known: 0 },
  published: 0,
  resync: null,
});

describe('epochs of the records that a partition remembers', () => {
  let environment: TestEnvironment;
  let repository: RecordEpochsRepository;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await environment.databases.ensure('mapping');
    repository = new RecordEpochsRepository(environment.databases);
  });
  afterAll(async () => {
    await environment.remove();
  });

  const stored = () => environment.databases.collection(positions).findOne({ _id: 3 });
  async function start(number: number): Promise<void> {
    const before = await repository.find();
    expect(await repository.begin(before, epochOf(number))).toBe(true);
  }

  it('hold the one in which something was applied and not published, however often the service starts', async () => {
    await environment.databases.collection(positions).insertOne(applied);
    for (let number = 1; number <= 25; number += 1) await start(number);
    expect(await stored()).toMatchObject({ records: 'epoch-25', formerRecords: ['epoch-0'] });
  });

  it('hold each further one in which something was applied', async () => {
    const { hasApplied: _hasApplied, ...moved } = (await stored())!;
    await environment.databases.collection(positions).replaceOne({ _id: 3 }, { ...moved, offset: 8 });
    for (let number = 26; number <= 50; number += 1) await start(number);
    expect(await stored()).toMatchObject({ records: 'epoch-50', formerRecords: ['epoch-0', 'epoch-25'] });
  });
});
