import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestEnvironment } from '@rollcall/testing';
import type { ClientSession } from 'mongodb';

import { AbandonedTransactions, type AppDocument, apps, Databases, isTransient } from '../src/index.js';

jest.setTimeout(60_000);

describe('transactions that somebody left open', () => {
  let environment: TestEnvironment;
  let service: Databases;
  let neighbour: Databases;

  beforeAll(async () => {
    environment = await TestEnvironment.create();
    await environment.databases.ensure('mapping');
    service = await connect('mapping');
    neighbour = await connect('workflow');
  });

  afterAll(async () => {
    await service?.close();
    await neighbour?.close();
    await environment?.remove();
  });

  const connect = (appName: string) =>
    Databases.connect({ uri: process.env['MONGODB_URI']!, namespace: environment.namespace, appName });
  const touch = (databases: Databases, _id: string, session?: ClientSession) =>
    databases.collection(apps).updateOne({ _id }, { $inc: { touched: 1 } } as object, { session });
  const app = (_id: string): AppDocument => ({
    _id,
    name: _id,
    category: 'test',
    connector: 'test',
    linkedBy: 'auto',
    createdAt: new Date(0),
  });

  async function begun(databases: Databases, id: string): Promise<ClientSession> {
    await databases.collection(apps).insertOne(app(id));
    const session = databases.client.startSession();
    session.startTransaction();
    await touch(databases, id, session);
    return session;
  }

  it('are ended at the second look, so that whoever waits goes on and the owner is told to try again', async () => {
    const session = await begun(service, 'left');
    const abandoned = new AbandonedTransactions(service);
    expect(await abandoned.end()).toEqual([]);
    const waiting = touch(environment.databases, 'left');
    const [ended, ...more] = await abandoned.end();
    expect(more).toEqual([]);
    expect(ended!.client).toMatch(/:\d+$/);
    expect((await waiting).modifiedCount).toBe(1);

    const late = await touch(service, 'left', session).catch((error: unknown) => error);
    expect(isTransient(late)).toBe(true);
    await session.endSession();
    expect(await environment.databases.collection(apps).findOne({ _id: 'left' })).toMatchObject({ touched: 1 });
  });

  it('are left alone while they do something, and when they are another service’s', async () => {
    const works = await begun(service, 'works');
    const other = await begun(neighbour, 'other');
    const abandoned = new AbandonedTransactions(service);
    for (let look = 0; look < 3; look += 1) {
      expect(await abandoned.end()).toEqual([]);
      await touch(service, 'works', works);
    }
    await works.commitTransaction();
    await other.commitTransaction();
    const stored = await environment.databases
      .collection(apps)
      .find({ _id: { $in: ['works', 'other'] } })
      .toArray();
    expect(stored.map((one) => [one._id, (one as unknown as { touched: number }).touched]).sort()).toEqual([
      ['other', 1],
      ['works', 4],
    ]);
    await Promise.all([works.endSession(), other.endSession()]);
  });
});
