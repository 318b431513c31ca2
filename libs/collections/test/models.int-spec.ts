import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestEnvironment } from '@rollcall/testing';
import type { Model } from 'mongoose';

import { type AppDocument, apps, Databases, people, RefusedDocumentError, trusted } from '../src/index.js';

jest.setTimeout(60_000);

/** Refused everywhere, so it must stand in no error. */
const SECRET = 'refused-value-of-the-test';

describe('models', () => {
  let environment: TestEnvironment;
  let model: Model<AppDocument>;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await environment.databases.ensure('mapping');
    model = environment.databases.model(apps);
  });

  afterAll(async () => {
    await environment.remove();
  });

  const app = (_id: string): AppDocument => ({
    _id,
    name: '',
    category: 'test',
    connector: null,
    linkedBy: 'auto',
    createdAt: new Date(0),
  });
  const refused = async (work: PromiseLike<unknown>): Promise<Error> => {
    try {
      await work;
    } catch (error) {
      return error as Error;
    }
    throw new Error('it was not refused');
  };
  const everything = (error: Error): string =>
    JSON.stringify([error.message, error.stack, error.cause, error, Object.getOwnPropertyDescriptors(error)]);

  it('give back what was written, empty texts, nulls and empty objects included', async () => {
    await model.create([app('kept')]);
    expect(await model.findById('kept').lean()).toEqual(app('kept'));
    expect(await environment.databases.collection(apps).findOne({ _id: 'kept' })).toEqual(app('kept'));
  });

  it('make nothing of their own: no version, no empty list, no default', async () => {
    const person = { values: {}, overrides: {}, provenance: {} };
    await environment.databases.model(people).updateOne({ _id: 'bare' }, { $set: person }, { upsert: true });
    expect(await environment.databases.collection(people).findOne({ _id: 'bare' })).toEqual({ _id: 'bare', ...person });
  });

  const wrong = { ...app('wrong'), createdAt: SECRET } as unknown as AppDocument;
  const refusals: [string, () => PromiseLike<unknown>, RegExp][] = [
    ['a value of another type', () => model.create([wrong]), /"createdAt" must be of type date/i],
    [
      'a value that it may not have',
      () => model.create([{ ...app('w'), linkedBy: SECRET as 'auto' }]),
      /"linkedBy" does not/,
    ],
    ['a missing value', () => model.create([{ _id: 'w', name: SECRET } as AppDocument]), /"category" is missing/],
    ['many at once', () => model.insertMany([wrong]), /"createdAt"/],
    [
      'a change to another type',
      () => model.updateOne({ _id: 'kept' }, { $set: { createdAt: SECRET } }),
      /"createdAt"/,
    ],
    [
      'a change of a path that is none',
      () => model.updateOne({ _id: 'kept' }, { $set: { other: SECRET } }),
      /"other" is not a path/,
    ],
    [
      'a change to a value that it may not have',
      () => model.updateOne({ _id: 'kept' }, { linkedBy: SECRET }),
      /"linkedBy" does not/,
    ],
    ['a filter of another type', () => model.findOne({ createdAt: SECRET as never }).lean(), /"createdAt"/],
    [
      'a filter by a path that is none',
      () => model.findOne({ other: SECRET } as never).lean(),
      /"other" is not a path/,
    ],
    ['a text where a number would do', () => model.findOne({ name: 5 as never }).lean(), /"name"/],
    ['code in a filter', () => model.find({ $where: SECRET } as never).lean(), /"\$where"/],
    ['an operator from outside', () => model.findOne({ name: { $ne: SECRET } }).lean(), /"name"/],
  ];

  it.each(refusals)('refuse %s, and never name the value', async (_title, work, words) => {
    const error = await refused(work());
    expect(error).toBeInstanceOf(RefusedDocumentError);
    expect(error.message).toMatch(words);
    expect(everything(error)).not.toContain(SECRET);
  });

  it('refuse a path that a document must not have, and never name the value', async () => {
    const error = await refused(model.create([{ ...app('w'), other: SECRET } as AppDocument]));
    expect(error.message).toContain('other');
    expect(everything(error)).not.toContain(SECRET);
  });

  it('take operators that our code marks as its own', async () => {
    expect(await model.countDocuments({ name: trusted({ $ne: SECRET }), _id: 'kept' })).toBe(1);
  });

  it('read what a majority has, or more where that is asked for, and write to a majority', async () => {
    const { MONGODB_URI: uri, ROLLCALL_NAMESPACE: namespace } = environment.variables() as Record<string, string>;
    const databases = await Databases.connect({
      uri: `${uri!}&monitorCommands=true`,
      namespace: namespace!,
      appName: 'models',
    });
    const seen: unknown[] = [];
    databases.client.on('commandStarted', ({ command: { readConcern, writeConcern } }) =>
      seen.push(readConcern?.level ?? writeConcern),
    );
    try {
      const own = databases.model(apps);
      await own.findOne({ _id: 'kept' }).lean();
      await own.findOne({ _id: 'kept' }, null, { readConcern: { level: 'linearizable' }, maxTimeMS: 10_000 }).lean();
      await own.updateOne({ _id: 'kept' }, { $set: { category: 'test' } });
      expect(seen.filter((one) => one !== undefined)).toEqual(['majority', 'linearizable', { w: 'majority', j: true }]);
    } finally {
      await databases.close();
    }
  });

  it('leave errors of the database as they are', async () => {
    await expect(model.create([app('kept')])).rejects.toMatchObject({ code: 11_000 });
  });
});
