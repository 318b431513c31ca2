import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type AccountDocument, accounts } from '@rollcall/collections';
import {
  type Cause,
  changeId,
  deadLettersTopic,
  encodeEvent,
  personDeactivated,
  saasUserCreated,
  saasUserDeactivated,
  type WorkflowRecord,
} from '@rollcall/contracts';
import { readTopic, waitFor } from '@rollcall/testing';

import { block, byHand, definitionOf, WorkflowWorld } from './workflow-world.js';

jest.setTimeout(60_000);

describe('an event that mapping did not say', () => {
  let world: WorkflowWorld;
  let creation: WorkflowRecord;
  let leaving: WorkflowRecord;

  beforeAll(async () => {
    world = await WorkflowWorld.create();
    creation = await world.activate(definitionOf('saas-user.created', 'lastpass', block('lastpass', 're-invite-user')));
    leaving = await world.activate(
      definitionOf('saas-user.deactivated', 'lastpass', block('lastpass', 're-invite-user')),
    );
  }, 60_000);

  afterAll(async () => {
    await world.close();
  });

  const store = async (): Promise<AccountDocument> => (await world.store('lastpass', world.take('lastpass'))).account;

  interface Said {
    readonly id: string;
    readonly definition?: typeof saasUserCreated;
    readonly time?: string;
    readonly cause?: Cause;
    readonly app?: string;
  }

  /** An event with right bytes, from anybody who can write to the broker. */
  async function say(account: AccountDocument, said: Said): Promise<string> {
    const {
      definition = saasUserCreated,
      id,
      time = new Date().toISOString(),
      cause = byHand,
      app = account.app,
    } = said;
    const { _id, hash: _hash, observedAt: _observedAt, ...rest } = account;
    const data = { revision: 2, record: { id: _id, ...rest, app }, changed: {}, cause };
    const value = encodeEvent(definition, { id, subject: _id, time, data });
    await world.send(definition, _id, value, 1);
    return `saas-users/${id}`;
  }

  /** Resolves when everything said of the account so far was taken, with the codes of its dead letters. */
  async function lettersOf(account: AccountDocument): Promise<string[]> {
    await world.ended(await world.publish('saas-user.created', account, byHand), creation);
    const letters = await readTopic(world.environment.kafka, deadLettersTopic);
    return letters.filter(({ key }) => key === account._id).map(({ headers }) => headers['code']!);
  }

  it('starts nothing and is parked, whatever part of a real one it takes over', async () => {
    const account = await store();
    const other = await store();
    const real = (await world.publish('saas-user.deactivated', other, byHand)).slice('saas-users/'.length);
    const stored = (await world.changeOf(real))!;
    const events = [
      await say(account, { id: randomUUID() }),
      // Of a change that is real, and said of somebody else.
      await say(account, { id: real, definition: saasUserDeactivated, time: stored.time }),
      // An account that exists, and was not created by what this says.
      await say(account, { id: changeId(account.created.position, account.created.number) }),
    ];
    expect(await lettersOf(account)).toEqual(events.map(() => 'event-not-stored'));
    for (const event of events) {
      expect(await world.findRun(event, creation)).toBeNull();
    }
    expect((await world.findRun(events[1]!, leaving))?.subject).toBe(other._id);
  });

  it('is told from the real change by its type, its time and its cause', async () => {
    const account = await store();
    const passive = { ...account, app: 'another' };
    const run: Cause = { kind: 'run', run: 'r', integration: 'i', initial: true };
    const real = (await world.publish('saas-user.deactivated', passive, run)).slice('saas-users/'.length);
    const { time } = (await world.changeOf(real))!;
    const definition = saasUserDeactivated;
    const events = [
      await say(account, { id: real, definition: saasUserCreated, time, cause: byHand }),
      await say(account, { id: real, definition, time, cause: byHand, app: 'lastpass' }),
      await say(account, { id: real, definition, time, cause: { ...run, initial: false }, app: 'lastpass' }),
      await say(account, { id: real, definition, time: '2099-01-01T00:00:00.000Z', cause: { ...run, initial: false } }),
    ];
    expect(await lettersOf(account)).toEqual(events.map(() => 'event-not-stored'));
    expect(await world.findRun(`saas-users/${real}`, leaving)).toBeNull();
    expect(await world.findRun(`saas-users/${real}`, creation)).toBeNull();
  });

  it('is parked as well when it speaks of a person', async () => {
    const { person } = await world.store('lastpass', world.take('lastpass'));
    const workflow = await world.activate(
      definitionOf('person.deactivated', null, block('lastpass', 're-invite-user')),
    );
    const id = randomUUID();
    const { _id, fold: _fold, keys: _keys, settingsVersion: _version, ...rest } = person;
    const data = { revision: 2, record: { id: _id, ...rest }, changed: {}, cause: byHand };
    const time = new Date().toISOString();
    const value = encodeEvent(personDeactivated, { id, subject: _id, time, data });
    await world.send(personDeactivated, _id, value, 1);
    await world.ended(await world.publishPerson(person, byHand), workflow);
    expect(await world.findRun(`people/${id}`, workflow)).toBeNull();
    await waitFor('the dead letter', async () =>
      (await readTopic(world.environment.kafka, deadLettersTopic)).some(({ key }) => key === _id),
    );
  });

  it('is not one that tells of a record which still stands as it was created and has no change yet', async () => {
    const account = await store();
    const created = {
      position: `p01/${String(Date.now()).padStart(12, '0')}`,
      number: 3,
      time: new Date().toISOString(),
    };
    const cause: Cause = { kind: 'run', run: 'r', integration: 'i', initial: false };
    await world.environment.databases
      .collection(accounts)
      .updateOne({ _id: account._id }, { $set: { revision: 1, created: { ...created, cause } } });
    const event = await say(account, { id: changeId(created.position, created.number), time: created.time, cause });
    expect((await world.ended(event, creation)).subject).toBe(account._id);
  });
});
